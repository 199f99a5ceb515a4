"""The conversations in tests/stories, played against the real assistant in each language."""

from pathlib import Path

import httpx
import pytest

from bot.knowledge import load_responses
from tests.support.running_assistant import REPOSITORY
from tests.support.story import Story, Teller, load_stories

STORIES = list(load_stories(Path(__file__).parents[1] / "stories"))


@pytest.mark.parametrize("story", STORIES, ids=[f"{story.name} [{story.language}]" for story in STORIES])
def test_goes_as_told(story: Story, http: httpx.Client) -> None:
    Teller(http, load_responses(REPOSITORY / "data" / "responses")).tell(story)
