"""What the tests of several folders share."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.running_assistant import RunningAssistant


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """The real assistant, started once for all tests that ask for it."""
    with RunningAssistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


@pytest.fixture
def http(assistant: RunningAssistant) -> Iterator[httpx.Client]:
    """A client of the real assistant's gateway; every part of it answers when the test begins."""
    assistant.wait_until_ready()
    with assistant.client() as client:
        yield client
