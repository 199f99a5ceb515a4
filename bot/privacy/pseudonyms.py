"""Pseudonyms: what stands for a person where they themselves may not."""

import hashlib
import hmac
from collections.abc import Iterable

from bot.settings import Settings


class Pseudonyms:
    """Keyed hashes. Without `BOT_SECRET_KEY` nobody can tell by trying whose pseudonym it is.

    A new key makes new pseudonyms: records from before can then no longer be found for a person.

    Args:
        settings: for the key.
    """

    def __init__(self, settings: Settings) -> None:
        key = settings.secret_key.get_secret_value().encode()
        self._key = hmac.new(key, b"pseudonyms", hashlib.sha256).digest()

    def of_email(self, email: str) -> str:
        """The pseudonym of who has this address, however it is spelt."""
        return self._of("email", email.strip().casefold())

    def of_conversation(self, conversation_id: str) -> str:
        """The pseudonym of who held this conversation and left no address."""
        return self._of("conversation", conversation_id)

    def of_account(self, name: str) -> str:
        """The pseudonym of a member of staff's account, or of a name that none has."""
        return self._of("account", name.strip().casefold())

    def of_address(self, address: str) -> str:
        """The pseudonym of a device's address."""
        return self._of("address", address)

    def of_person(self, emails: Iterable[str], conversation_ids: Iterable[str]) -> tuple[str, ...]:
        """A person's pseudonyms: of their addresses, or of their conversations if they gave none."""
        of_addresses = tuple(dict.fromkeys(self.of_email(email) for email in emails))
        return of_addresses or tuple(self.of_conversation(identity) for identity in conversation_ids)

    def _of(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
