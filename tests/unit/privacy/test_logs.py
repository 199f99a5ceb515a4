"""No e-mail address or telephone number gets into a log, whichever logger and handler it goes through."""

import io
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot.privacy.logs import mask_logs

SECRET = "kim@example.org 0171 1234567"
MASKED = "[e-mail] [phone]"


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """What a library's own logger writes through its own handler, set up before the mask."""
    stream = io.StringIO()
    logger, handler = logging.getLogger("library"), logging.StreamHandler(stream)
    logger.addHandler(handler)
    factory, hook = logging.getLogRecordFactory(), sys.excepthook
    mask_logs()
    yield stream
    logging.captureWarnings(capture=False)
    logging.setLogRecordFactory(factory)
    sys.excepthook = hook
    logger.removeHandler(handler)


@pytest.fixture
def logger() -> logging.Logger:
    return logging.getLogger("library")


def test_message_and_arguments_are_masked(output: io.StringIO, logger: logging.Logger) -> None:
    logger.error(f"said {SECRET}")  # noqa: G004
    logger.error("said %s, %d times", SECRET, 3)
    logger.error("said %(what)s", {"what": SECRET})
    assert output.getvalue().splitlines() == [f"said {MASKED}", f"said {MASKED}, 3 times", f"said {MASKED}"]


def test_a_percent_sign_that_came_with_an_argument_is_no_placeholder(
    output: io.StringIO, logger: logging.Logger
) -> None:
    logger.error("said %s", "100 % of %s")
    assert output.getvalue() == "said 100 % of %s\n"


def test_the_traceback_is_masked(output: io.StringIO, logger: logging.Logger) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("failed")
    assert f"ValueError: {MASKED}" in output.getvalue()
    assert "kim" not in output.getvalue().replace("test_logs", "")


def test_a_line_that_cannot_be_formatted_says_so_without_its_arguments(
    output: io.StringIO, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.error("%d", SECRET)
    assert output.getvalue() == "(a log line that cannot be formatted)\n"
    assert "kim" not in capsys.readouterr().err


def test_warnings_are_logged_and_masked(output: io.StringIO, logger: logging.Logger) -> None:
    logging.getLogger("py.warnings").addHandler(logger.handlers[0])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SECRET, stacklevel=1)
    logging.getLogger("py.warnings").removeHandler(logger.handlers[0])
    assert MASKED in output.getvalue()
    assert "kim@" not in output.getvalue()


def test_a_process_that_ends_by_an_error_does_not_say_whom_it_was_about() -> None:
    half, other = SECRET[:3], SECRET[3:]
    setup = "from bot.privacy.logs import set_up_logging; set_up_logging('info')"
    program = f"{setup}; raise ValueError('{half}' + '{other}')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"ValueError: {MASKED}" in done.stderr
