"""Countries by name in Korean, German and English, as people write them in an answer."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale

LANGUAGES = ("ko", "de", "en")

# In the CLDR list of territories, but not countries of ISO 3166-1.
_NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

# Spellings beside the official ones, the inflected German ones among them.
_ALIASES: dict[str, tuple[str, ...]] = {
    "AE": ("UAE", "VAE", "Emirates", "Emirate", "Emiraten", "Vereinigten Arabischen Emiraten", "아랍에미레이트"),
    "BA": ("Bosnia", "Bosnien", "보스니아"),
    "CH": ("Swiss",),
    "CI": ("Ivory Coast", "Elfenbeinküste"),
    "CN": ("Volksrepublik China", "People's Republic of China", "중화인민공화국"),
    "CZ": ("Czech Republic", "Tschechische Republik", "Tschechischen Republik", "체코 공화국"),
    "DE": ("Bundesrepublik", "Federal Republic of Germany", "BRD", "GER", "도이칠란트"),
    "GB": (
        *("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
        *("Großbritannien", "Vereinigten Königreich", "Schottland", "Nordirland"),
        *("잉글랜드", "스코틀랜드", "웨일스", "대영제국"),
    ),
    "HK": ("Hong Kong", "Hongkong", "홍콩"),
    "KP": (
        "DPRK",
        "Democratic People's Republic of Korea",
        "Demokratische Volksrepublik Korea",
        "조선민주주의인민공화국",
    ),
    "KR": (
        *("Korea", "ROK", "KOR", "S. Korea", "Republic of Korea", "Rep. of Korea", "Corea", "South Corea"),
        *("Republik Korea", "Süd-Korea", "한국", "남한", "코리아", "우리나라", "사우스코리아"),
    ),
    "MK": ("Macedonia", "Mazedonien", "마케도니아"),
    "MM": ("Myanmar", "Burma", "Birma", "버마"),
    "MO": ("Macao", "Macau", "마카오"),
    "NL": ("Holland", "Niederlanden", "홀란드"),
    "PH": ("Filipinen", "Phillipines"),
    "PS": ("Palestine", "Palästina", "팔레스타인"),
    "SA": ("Saudi", "KSA", "사우디"),
    "SK": ("Slovak Republic", "Slowakischen Republik"),
    "TR": ("Turkey", "Turkiye", "터키"),
    "TW": ("Republic of China", "Formosa", "중화민국"),
    "US": (
        *("USA", "U.S.", "U.S.A.", "America", "United States of America", "the States"),
        *("Amerika", "Vereinigten Staaten", "Vereinigte Staaten von Amerika", "Vereinigten Staaten von Amerika"),
        *("미합중국", "아메리카"),
    ),
    "VA": ("Vatican", "Vatikan", "바티칸"),
    "VN": ("Viet Nam", "월남"),
    "ZA": ("Republic of South Africa", "남아공", "남아프리카"),
}

# Typed in lower case, these codes are more likely the words that they also are.
_CODES_THAT_ARE_WORDS = frozenset(
    {"ad", "ag", "ai", "al", "am", "an", "as", "at", "be", "by", "do", "er", "es", "id", "im", "in", "io", "is", "it"}
    | {"la", "ma", "me", "mo", "mr", "ms", "my", "na", "no", "pa", "so", "to", "um", "zu"}
)
# "No" is an answer in any spelling.
_NEVER_CODES = frozenset({"NO", "No"})
# German for Iceland, English for any island: a country only where it is the whole answer.
_ONLY_AS_WHOLE_ANSWER = frozenset({"island"})

_LEAD_IN = re.compile(
    r"^(?:(?:ich|wir|bin|sind|komme|kommen|stamme|lebe|leben|wohne|unser|sitz|ist|aus|in|der|dem|den|die|das"
    r"|i|m|am|we|re|are|is|come|live|based|located|from|the|it|s|to)\s+)+"
)
# What may follow a country's name in one Korean word: people, companies, particles, the copula.
_AFTER_KOREAN_NAME = re.compile(
    r"(?:국적|출신|사람|국민|기업|회사|법인|본사|인)*"
    r"(?:에서도?|에서는|에|의|은|는|이|가|을|를|도|로|으로|쪽|과|와|하고|이랑|랑)?"
    r"(?:왔\w*|온|살\w*|거주\w*|있\w*|입니다|이에요|예요|에요|이예요|이요|요|임|이고|이며|이라고|라고)?"
)
_KOREAN_NAME_MAX_WORDS = 5

# "Nicht aus Deutschland" names a country and means another one.
_NEGATION = re.compile(r"\b(?:not|isn|aren|nicht|kein|keine)\b|아니|아닙")

_UMLAUTS_WRITTEN_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}


def find_country(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that a whole answer names, such as "KR" for "한국에서 왔어요".

    None if the answer names no country, more than one, or one that it is not.
    """
    stripped = text.strip().strip(".!")
    code = _as_code(stripped)
    if code:
        return code
    plain = _plain(text)
    rest = _LEAD_IN.sub("", plain + " ").strip()
    for answer in (plain, rest):
        if answer in _names():
            return _names()[answer]
    if rest != plain and (code := _as_code(rest)):
        return code
    if _NEGATION.search(plain):
        return None
    found = set(_named_in_latin(plain)) | set(_named_in_korean(plain))
    return found.pop() if len(found) == 1 else None


def country_name(code: str, language: str) -> str:
    """The name of the country with this code in a language ("ko", "de", "en"); the code itself if there is none."""
    name: str = Locale.parse(language).territories.get(code, code)
    return name


def _as_code(text: str) -> str | None:
    known = text.upper() in _codes() and text not in _NEVER_CODES
    return text.upper() if known and text not in _CODES_THAT_ARE_WORDS else None


def _plain(text: str) -> str:
    """Lower case, without punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w]+", " ", folded).split())


@cache
def _codes() -> frozenset[str]:
    codes = map(str, Locale.parse("en").territories)
    return frozenset(code for code in codes if code.isalpha() and len(code) == 2) - _NOT_COUNTRIES


@cache
def _names() -> dict[str, str]:
    """Codes by every plain spelling of every name."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        for code in _codes():
            names.update((spelling, code) for spelling in _spellings(territories[code]))
    for code, aliases in _ALIASES.items():
        names.update((spelling, code) for alias in aliases for spelling in _spellings(alias))
    return names


def _spellings(name: str) -> Iterator[str]:
    yield _plain(name)
    # As typed without the keys for it: Suedkorea, Sudkorea.
    yield _plain(name).translate(_UMLAUTS_WRITTEN_OUT)
    if not _is_korean(name):
        pieces = unicodedata.normalize("NFKD", name)
        yield _plain("".join(piece for piece in pieces if not unicodedata.combining(piece)))


def _is_korean(text: str) -> bool:
    return any("가" <= character <= "힣" for character in text)


@cache
def _latin_names() -> re.Pattern[str]:
    # Longest first, so that "Papua New Guinea" is not taken for "Guinea".
    names = [name for name in _names() if not _is_korean(name) and name not in _ONLY_AS_WHOLE_ANSWER]
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    # A Korean particle may follow a Latin name without a space.
    return re.compile(rf"(?<!\w)(?:{alternatives})(?![^\W가-힣])")


def _named_in_latin(plain: str) -> Iterator[str]:
    for match in _latin_names().finditer(plain):
        yield _names()[match[0]]


@cache
def _korean_names() -> dict[str, str]:
    return {name.replace(" ", ""): code for name, code in _names().items() if _is_korean(name)}


def _named_in_korean(plain: str) -> Iterator[str]:
    words = plain.split()
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _KOREAN_NAME_MAX_WORDS), start, -1):
            code = _korean_name_at_start("".join(words[start:end]), last_word=words[end - 1])
            if code:
                yield code
                start = end
                break
        else:
            start += 1


def _korean_name_at_start(joined: str, last_word: str) -> str | None:
    """The country whose name begins `joined`, reaches into its last word and is followed by nothing but particles."""
    shortest = len(joined) - len(last_word) + 1
    for length in range(len(joined), shortest - 1, -1):
        code = _korean_names().get(joined[:length])
        if code and _AFTER_KOREAN_NAME.fullmatch(joined[length:]):
            return code
    return None
