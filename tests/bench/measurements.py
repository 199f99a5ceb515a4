"""The measurements: each takes running assistants and returns rows of the table."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.knowledge import LANGUAGES, Language
from tests.bench.assistant import Visitor
from tests.bench.messages import INQUIRY, mixed_messages
from tests.bench.starter import StarterVisitor, sentences

TURNS = 200
TURNS_A_CONVERSATION = 20
RATIO_TARGET = 0.6
EARLY, LATE, AROUND = 10, 500, 10
GROWTH_TARGET = 1.5
INQUIRIES = 6
FORM_STEPS_MAX = 15


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no target."""

    name: str
    figure: str
    target: str = ""
    met: bool | None = None


def turn_rows(ours: str, starter: str) -> list[Row]:
    """Our turns and the starter's, a conversation of each in turn, so that both meet the same machine."""
    our_times: list[float] = []
    starter_times: list[float] = []
    texts = {language: mixed_messages(language) for language in LANGUAGES}
    own = sentences()
    languages = itertools.cycle(LANGUAGES)
    # The first conversation of each warms up and is not counted.
    for number in range(TURNS // TURNS_A_CONVERSATION + 1):
        language = next(languages)
        with Visitor(ours, language) as visitor:
            times = timed(visitor.say, itertools.islice(texts[language], TURNS_A_CONVERSATION))
            our_times += times if number else []
        with StarterVisitor(starter, f"bench-{number}") as starter_visitor:
            times = timed(starter_visitor.say, itertools.islice(own, TURNS_A_CONVERSATION))
            starter_times += times if number else []
    ratio = statistics.median(our_times) / statistics.median(starter_times)
    return [
        Row(f"turn through the gateway, median of {TURNS}", milliseconds(statistics.median(our_times))),
        Row("turn through the gateway, 95th percentile", milliseconds(_percentile(our_times))),
        Row("turn of `rasa init`, median", milliseconds(statistics.median(starter_times))),
        Row("turn of `rasa init`, 95th percentile", milliseconds(_percentile(starter_times))),
        Row("ours to `rasa init`'s, medians", f"{ratio:.2f}", f"at most {RATIO_TARGET}", ratio <= RATIO_TARGET),
    ]


def long_rows(ours: str) -> list[Row]:
    """One conversation that goes on and on, the same ten messages over and over."""
    messages = itertools.cycle(list(itertools.islice(mixed_messages(Language.ENGLISH), AROUND)))
    with Visitor(ours, Language.ENGLISH) as visitor:
        times = timed(visitor.say, itertools.islice(messages, LATE + AROUND // 2))
    early = statistics.median(times[EARLY - AROUND // 2 : EARLY + AROUND // 2])
    late = statistics.median(times[LATE - AROUND // 2 : LATE + AROUND // 2])
    growth = late / early
    return [
        Row(f"turn {EARLY} of one conversation", milliseconds(early)),
        Row(f"turn {LATE} of one conversation", milliseconds(late)),
        Row(f"turn {LATE} to turn {EARLY}", f"{growth:.2f}", f"at most {GROWTH_TARGET}", growth <= GROWTH_TARGET),
    ]


def form_rows(ours: str) -> list[Row]:
    """Inquiries from the first word to the stored reference.

    Raises:
        RuntimeError: the form did not come to its end.
    """
    times: list[float] = []
    for language in itertools.islice(itertools.cycle(LANGUAGES), INQUIRIES):
        answers = INQUIRY[language]
        with Visitor(ours, language) as visitor:
            times += timed(visitor.say, [answers["start"]])
            for _ in range(FORM_STEPS_MAX):
                if visitor.asked is None:
                    break
                if visitor.asked in answers:
                    times += timed(visitor.say, [answers[visitor.asked]])
                else:
                    times += timed(lambda _: visitor.press_first(), [""])
            else:
                raise RuntimeError(f"the inquiry form still asks for '{visitor.asked}'")
    return [
        Row(f"turn of an inquiry, median of {len(times)}", milliseconds(statistics.median(times))),
        Row("turn of an inquiry, 95th percentile", milliseconds(_percentile(times))),
    ]


def timed(say: Callable[[str], None], texts: Iterator[str] | list[str]) -> list[float]:
    """The seconds that each text takes to be answered."""
    times = []
    for text in texts:
        started = time.perf_counter()
        say(text)
        times.append(time.perf_counter() - started)
    return times


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def milliseconds(seconds: float) -> str:
    """A duration as the table shows it."""
    return f"{seconds * 1000:.1f} ms"
