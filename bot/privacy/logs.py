"""Logs without e-mail addresses and telephone numbers, whoever writes them.

The mask is put where records are made, not on a handler: libraries, Rasa among them, bring handlers of their own.
"""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Any

from bot.privacy.masking import mask

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_plain = logging.Formatter()
_log = logging.getLogger(__name__)


class MaskedRecord(logging.LogRecord):
    """A log record whose message and traceback are masked from the start."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            self.msg, self.args = mask(super().getMessage()), ()
        except Exception:
            # As logging does with what cannot be formatted; the arguments might be what somebody wrote.
            self.msg, self.args = "(a log line that cannot be formatted)", ()
        if self.exc_info:
            self.exc_text = mask(_plain.formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 (logging's own name)
        """The message; it may have been replaced since, but not filled in again."""
        return str(self.msg)


def mask_logs() -> None:
    """From here on, mask every log record of this process, and log what would end it by itself."""
    logging.setLogRecordFactory(MaskedRecord)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def set_up_logging(level: str) -> None:
    """Log to standard error from `level` on, masked: what each process of the program begins with."""
    mask_logs()
    logging.basicConfig(level=level.upper(), format=FORMAT)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("ended by %s", kind.__name__, exc_info=(kind, error, trace))
