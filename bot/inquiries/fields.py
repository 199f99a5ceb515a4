"""Checking the answers that make up an inquiry: each function returns what is stored, or says what is wrong.

All raise `InvalidField(field, code)`; `limit` holds the bound where one was missed.
"""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from bot.errors import InvalidField
from bot.inquiries.countries import find_country
from bot.inquiries.text import clean_line, clean_lines, is_mostly_hangul

NAME_MAX_CHARACTERS = 100
COMPANY_MAX_CHARACTERS = 200
MESSAGE_MIN_CHARACTERS = 10
# A Korean syllable says about as much as two or three letters.
MESSAGE_MIN_CHARACTERS_KOREAN = 5
MESSAGE_MAX_CHARACTERS = 4000
# RFC 5321: 254 for an address as a whole, 64 before the @.
EMAIL_MAX_CHARACTERS = 254
EMAIL_LOCAL_MAX_CHARACTERS = 64

# What staff write.
REPLY_MAX_CHARACTERS = 10_000
NOTE_MAX_CHARACTERS = 10_000
TOPIC_MAX_CHARACTERS = 50
TAG_MAX_CHARACTERS = 50
STAFF_NAME_MAX_CHARACTERS = 100

NO_COMPANY = frozenset(
    {"-", "no", "none", "n/a", "na", "no company", "private", "nein", "keine", "keines", "keins", "kein unternehmen"}
    | {"keine firma", "privat", "privatperson", "없음", "없어요", "없습니다", "회사 없음", "개인"}
)

_ADDRESS_INSIDE = re.compile(r"\S+@\S+\.\S+")
# What stands around an address in a mail program, a link or a sentence.
_AROUND_EMAIL = "<>()[]\"'“”„‘’«»,;:.!?"
# "name@example.com입니다": a particle after the address. No top-level domain mixes Latin and Korean.
_PARTICLE_AFTER_EMAIL = re.compile(r"(?<=\.)([A-Za-z]{2,})[가-힣]+$")


def parse_name(text: str) -> str:
    """The asker's name.

    Raises:
        InvalidField: "empty", "too_long", "looks_like_email" or "no_letters".
    """
    name = clean_line(text)
    if not name:
        raise InvalidField("name", "empty")
    if len(name) > NAME_MAX_CHARACTERS:
        raise InvalidField("name", "too_long", NAME_MAX_CHARACTERS)
    if _ADDRESS_INSIDE.search(name):
        raise InvalidField("name", "looks_like_email")
    if not any(character.isalpha() for character in name):
        raise InvalidField("name", "no_letters")
    return name


def parse_company(text: str) -> str | None:
    """The asker's company; None if the answer says that there is none.

    Raises:
        InvalidField: "too_long".
    """
    company = clean_line(text)
    if not company or company.casefold().rstrip(".!") in NO_COMPANY:
        return None
    if len(company) > COMPANY_MAX_CHARACTERS:
        raise InvalidField("company", "too_long", COMPANY_MAX_CHARACTERS)
    return company


def parse_message(text: str) -> str:
    """The inquiry itself; line breaks are kept.

    Raises:
        InvalidField: "too_short" or "too_long".
    """
    message = clean_lines(text)
    least = MESSAGE_MIN_CHARACTERS_KOREAN if is_mostly_hangul(message) else MESSAGE_MIN_CHARACTERS
    if len(message) < least:
        raise InvalidField("message", "too_short", least)
    if len(message) > MESSAGE_MAX_CHARACTERS:
        raise InvalidField("message", "too_long", MESSAGE_MAX_CHARACTERS)
    return message


def parse_email(text: str) -> str:
    """The asker's e-mail address, also out of a sentence; whether it exists is not looked up.

    Raises:
        InvalidField: "format", "too_long" or "domain".
    """
    address = _find_address(unicodedata.normalize("NFKC", clean_line(text)))
    local, at, _domain = address.rpartition("@")
    if not at or not local:
        raise InvalidField("email", "format")
    if len(local) > EMAIL_LOCAL_MAX_CHARACTERS:
        raise InvalidField("email", "too_long", EMAIL_LOCAL_MAX_CHARACTERS)
    if len(address) > EMAIL_MAX_CHARACTERS:
        raise InvalidField("email", "too_long", EMAIL_MAX_CHARACTERS)
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise InvalidField("email", "domain" if _is_address(f"{local}@example.com") else "format") from None


def parse_country(text: str) -> str:
    """The asker's country as its two-letter ISO code, from a name in Korean, German or English.

    Raises:
        InvalidField: "unknown": no country is named, or more than one.
    """
    country = find_country(clean_line(text))
    if country is None:
        raise InvalidField("country", "unknown")
    return country


def parse_reply(text: str) -> str:
    """What staff answer an asker; line breaks are kept.

    Raises:
        InvalidField: "empty" or "too_long".
    """
    return _bounded("reply", clean_lines(text), REPLY_MAX_CHARACTERS)


def parse_note(text: str) -> str:
    """What staff write for each other; line breaks are kept.

    Raises:
        InvalidField: "empty" or "too_long".
    """
    return _bounded("note", clean_lines(text), NOTE_MAX_CHARACTERS)


def parse_tag(text: str) -> str:
    """A tag, in lower case, so that one word is one tag.

    Raises:
        InvalidField: "empty" or "too_long".
    """
    return _bounded("tag", clean_line(text).lower(), TAG_MAX_CHARACTERS)


def parse_topic(text: str) -> str:
    """A topic's id.

    Raises:
        InvalidField: "empty" or "too_long".
    """
    return _bounded("topic", clean_line(text), TOPIC_MAX_CHARACTERS)


def parse_staff_name(text: str) -> str:
    """The name of a member of staff.

    Raises:
        InvalidField: "empty" or "too_long".
    """
    return _bounded("staff_name", clean_line(text), STAFF_NAME_MAX_CHARACTERS)


def _bounded(field: str, text: str, limit: int) -> str:
    if not text:
        raise InvalidField(field, "empty")
    if len(text) > limit:
        raise InvalidField(field, "too_long", limit)
    return text


def _find_address(text: str) -> str:
    if text.count("@") == 1:
        text = re.sub(r"\s*@\s*", "@", text)
    words = [word for word in text.split() if "@" in word]
    # Several addresses are not for us to choose from; the text as a whole is then refused.
    address = words[0] if len(words) == 1 else text
    address = address.strip(_AROUND_EMAIL).removeprefix("mailto:")
    return _PARTICLE_AFTER_EMAIL.sub(r"\1", address)


def _is_address(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
