"""The pages that every page leads to."""

from dataclasses import dataclass

from bot.console.addresses import BASE, HOME
from bot.console.catalogue import N_
from bot.store import StaffRole


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation; `title` is a text of the catalogue, `role` who is shown it."""

    path: str
    title: str
    role: StaffRole = StaffRole.READER


NAVIGATION: tuple[Item, ...] = (
    Item(HOME, N_("Inquiries")),
    Item(f"{BASE}/gaps", N_("Open questions")),
    Item(f"{BASE}/proposals", N_("Learning")),
    Item(f"{BASE}/dashboard", N_("Figures")),
    Item(f"{BASE}/privacy", N_("Privacy"), StaffRole.ADMIN),
    Item(f"{BASE}/account", N_("My account")),
)
