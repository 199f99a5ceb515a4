"""Writers in processes of their own: `python -m tests.unit.inquiries.writers URL NAME COUNT THREADS`.

Each thread logs inquiries and answers them, and says on standard output what the database has acknowledged, one JSON
object a line. COUNT 0 goes on until the process is killed.
"""

import itertools
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from bot.inquiries import Inquiries, staff
from bot.store import Store
from tests.unit.inquiries.cases import draft

REPLY = "답변입니다 – Antwort {key}"
NOTE = "Notiz {key}"

_printing = threading.Lock()


def write(inquiries: Inquiries, key: str) -> None:
    """Log an inquiry, note and answer it, saying after each step that it is stored."""
    reference = inquiries.log(draft(key, message=f"수소 협력을 문의합니다 {key}")).reference
    _say("logged", key, reference)
    with inquiries.change(reference, staff(key)) as case:
        case.note(NOTE.format(key=key))
        case.reply(REPLY.format(key=key), "ko", idempotency_key=key)
    _say("answered", key, reference)


def _say(what: str, key: str, reference: str) -> None:
    with _printing:
        print(json.dumps({"what": what, "key": key, "reference": reference}), flush=True)


def main(url: str, name: str, count: int, threads: int) -> None:
    """Write with `threads` threads at once, `count` inquiries each."""
    store = Store(url)
    inquiries = Inquiries(store)

    def work(thread: int) -> None:
        for number in itertools.count() if count == 0 else range(count):
            write(inquiries, f"{name}-{thread}-{number}")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
