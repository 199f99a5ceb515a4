"""Other faces on the gateway's server: mounted where the processes are put together, unknown to the gateway."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from starlette.types import ASGIApp

from bot.knowledge import KnowledgeBase, Responses
from bot.store import Store


class Neighbour(Protocol):
    """A face under a path of its own."""

    @property
    def path(self) -> str:
        """Where it is, such as /staff."""

    @property
    def app(self) -> ASGIApp:
        """What answers there."""

    @property
    def body_max_bytes(self) -> int:
        """The largest body that it takes."""

    def opened(self, store: Store, knowledge: KnowledgeBase, responses: Responses) -> AbstractAsyncContextManager[None]:
        """Opened when the server starts, with what the gateway works with, and closed before that is."""
