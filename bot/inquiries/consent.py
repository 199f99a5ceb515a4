"""What an asker agrees to before an inquiry is logged."""

# Stored with each inquiry. Raise it whenever the wording of the consent question changes in any language.
CONSENT_VERSION = "2026-11"
