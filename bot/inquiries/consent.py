"""What an asker agrees to before an inquiry is logged."""

# Stored with each inquiry; data/consent.yml has the wording of each version. Whoever changes the wording of the consent
# question in any language writes a new version there and names it here; a test sees to it.
CONSENT_VERSION = "2026-11-27"
