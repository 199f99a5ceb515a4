"""Who acts on an inquiry."""

from dataclasses import dataclass

from bot.store import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """The asker, the assistant itself, or a member of staff by name; `ASKER`, `SYSTEM` and `staff` make them."""

    kind: ActorKind
    name: str | None = None


ASKER = Actor(ActorKind.ASKER)
SYSTEM = Actor(ActorKind.SYSTEM)


def staff(name: str) -> Actor:
    """The member of staff with this name, as in an inquiry's `assignee`."""
    return Actor(ActorKind.STAFF, name)
