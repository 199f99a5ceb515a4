"""Which pages are open to whom, as their decorators say."""

from bot.console.app import PAGES
from bot.console.pages import Door
from bot.store import StaffRole
from tests.unit.console.test_access import OPEN_TO_ANYBODY


def test_only_signing_in_and_out_is_open_to_anybody() -> None:
    assert {(page.method, page.path) for page in PAGES if page.needed is Door.ANYBODY} == OPEN_TO_ANYBODY


def test_whoever_changes_something_is_at_least_an_agent_or_changes_only_their_own() -> None:
    for page in PAGES:
        if page.method == "POST" and page.needed is StaffRole.READER:
            assert page.path.startswith(("/account/", "/views")), page.path


def test_files_of_data_are_for_agents() -> None:
    assert all(page.needed is StaffRole.AGENT for page in PAGES if "export" in page.path)
