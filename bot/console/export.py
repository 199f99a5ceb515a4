"""Everything that the filter of the inbox finds, as a file, written while it is read."""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched, chain

from starlette.responses import Response, StreamingResponse

from bot.console.inbox_query import InboxQuery
from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.inquiries import InquiryDetail
from bot.inquiries.export import csv_lines, json_of
from bot.staff.trail import INQUIRIES
from bot.store import AuditAction, StaffRole

BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheet programs take Korean and umlauts in a CSV file for something else."""

CHUNK_CHARACTERS = 16 * 1024

NOTED_AT_ONCE = 500
"""So many are written down in the audit before they leave; the next ones only if the session is still one."""

pages = Pages()


@pages.get("/inquiries/export.csv", StaffRole.AGENT)
def export_csv(visit: Visit) -> Response:
    """For spreadsheets; no cell is a formula."""

    def written(inquiries: Iterable[InquiryDetail]) -> Iterator[str]:
        return chain((BYTE_ORDER_MARK,), csv_lines(inquiries))

    return _file(visit, "inquiries.csv", "text/csv; charset=utf-8", written)


@pages.get("/inquiries/export.json", StaffRole.AGENT)
def export_json(visit: Visit) -> Response:
    """For programs: a list of everything about each."""
    return _file(visit, "inquiries.json", "application/json", _json)


def _json(inquiries: Iterable[InquiryDetail]) -> Iterator[str]:
    yield "["
    for number, inquiry in enumerate(inquiries):
        yield (",\n" if number else "\n") + json_of(inquiry)
    yield "\n]\n"


def _file(
    visit: Visit, name: str, media_type: str, written: Callable[[Iterable[InquiryDetail]], Iterator[str]]
) -> Response:
    wanted = InboxQuery.of(visit.request.query_params).filter(visit.member.name)
    noted = _noted(visit, visit.services.inquiries.export(wanted))
    # A mistake in the filter is said before the file has begun.
    first = next(noted, None)
    if first is None:
        visit.services.trail.note(visit.member, AuditAction.EXPORTED, {INQUIRIES: 0})
    inquiries = noted if first is None else chain((first,), noted)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return visit.with_cookie(StreamingResponse(_chunks(written(inquiries)), media_type=media_type, headers=headers))


def _noted(visit: Visit, inquiries: Iterable[InquiryDetail]) -> Iterator[InquiryDetail]:
    """Write down what is about to leave the house; what cannot be written down stays.

    Raises:
        Unauthorized: the session or the account has ended in the meantime.
    """
    for some in batched(inquiries, NOTED_AT_ONCE):
        visit.services.sessions.find(visit.token, touch=False)
        visit.services.trail.note(visit.member, AuditAction.EXPORTED, {INQUIRIES: len(some)})
        yield from some


def _chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines in pieces that are worth a hop between threads each."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= CHUNK_CHARACTERS:
            yield "".join(waiting).encode("utf-8", "replace")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8", "replace")
