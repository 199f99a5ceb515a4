"""Which of our languages a browser prefers."""

from bot.knowledge.language import LANGUAGES, Language

HEADER_MAX_CHARACTERS = 500


def preferred_language(accept_language: str | None) -> Language:
    """The best of our languages for an Accept-Language header; English, which most can read, if it names none."""
    best, best_weight = Language.ENGLISH, 0.0
    for item in (accept_language or "")[:HEADER_MAX_CHARACTERS].split(","):
        name, _, parameter = item.partition(";")
        code = name.strip().partition("-")[0].lower()
        weight = _weight(parameter)
        if code in [language.value for language in LANGUAGES] and weight > best_weight:
            best, best_weight = Language(code), weight
    return best


def _weight(parameter: str) -> float:
    key, _, value = parameter.strip().partition("=")
    if key.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
