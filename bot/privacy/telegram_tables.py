"""Telegram's tables as far as erasing and expiring need them: the only ones that hold a channel's own ids.

Described here and not imported: they belong to a face, and are not there where that face never was.
"""

from sqlalchemy import BigInteger, Connection, String, Text, column, inspect, table

from bot.store import UtcDateTime

CHATS = table(
    "telegram_chats",
    column("chat_id", BigInteger),
    column("conversation_id", String),
    column("created_at", UtcDateTime),
    column("updated_at", UtcDateTime),
)
UPDATES = table(
    "telegram_updates",
    column("update_id", BigInteger),
    column("chat_id", BigInteger),
    column("content", Text),
    column("state", String),
    column("received_at", UtcDateTime),
)
DONE = "done"


def are_there(connection: Connection) -> bool:
    """Whether this database has Telegram's tables."""
    found = inspect(connection)
    return found.has_table(CHATS.name) and found.has_table(UPDATES.name)
