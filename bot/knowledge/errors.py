"""What can be wrong with the files that people edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One mistake in a data file, said so that its editor can mend it.

    Arguments:
        file: the file's name.
        place: the entry, response or term, and the field in it, such as `starthub-cost: answer.ko`.
        problem: what is wrong and what to do.
    """

    file: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.problem}" if self.place else f"{self.file}: {self.problem}"


class KnowledgeError(Exception):
    """A data file cannot be used; `mistakes` lists every reason found, not only the first."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
