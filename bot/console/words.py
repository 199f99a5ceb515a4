"""Ids of the program as texts of the catalogue."""

from collections.abc import Mapping

from bot.console.catalogue import N_
from bot.inquiries import history

WORDS: Mapping[str, Mapping[str, str]] = {
    "state": {
        "new": N_("New"),
        "open": N_("Open"),
        "waiting": N_("Asked back"),
        "answered": N_("Answered"),
        "closed": N_("Closed"),
        "withdrawn": N_("Withdrawn"),
        "spam": N_("Spam"),
        "duplicate": N_("Duplicate"),
    },
    "priority": {"low": N_("Low"), "normal": N_("Normal"), "high": N_("High"), "urgent": N_("Urgent")},
    "channel": {"web": N_("Website"), "telegram": N_("Telegram"), "unknown": N_("Unknown"), "email": N_("E-mail")},
    "role": {"reader": N_("Reader"), "agent": N_("Agent"), "admin": N_("Administrator")},
    "view": {
        "new": N_("New inquiries"),
        "mine": N_("Mine"),
        "unassigned": N_("Unassigned"),
        "waiting": N_("Waiting for us"),
        "overdue": N_("Overdue"),
        "all": N_("All"),
    },
    "sort": {
        "newest": N_("Newest first"),
        "waiting": N_("Longest waiting first"),
        "due": N_("Due first"),
    },
    "entity": {
        "technology": N_("Technologies"),
        "programme": N_("Programmes"),
        "organisation": N_("Organisations"),
        "place": N_("Places"),
        "elsewhere": N_("Other places"),
        "legal_form": N_("Legal forms"),
        "field": N_("Fields"),
    },
    "sender": {"user": N_("Asker"), "bot": N_("Assistant"), "staff": N_("Team")},
    "actor": {"asker": N_("Asker"), "staff": N_("Team"), "system": N_("Assistant")},
    "event": {
        history.LOGGED: N_("Inquiry logged"),
        history.STATE: N_("State changed"),
        history.ASSIGNEE: N_("Assigned"),
        history.PRIORITY: N_("Priority changed"),
        history.TOPIC: N_("Topic changed"),
        history.DUE: N_("Due date changed"),
        history.TAG_ADDED: N_("Tag added"),
        history.TAG_REMOVED: N_("Tag removed"),
        history.NOTE_ADDED: N_("Note written"),
        history.REPLY_ADDED: N_("Reply written"),
        history.ASKER_WROTE: N_("Asker wrote"),
        history.DUPLICATE_OF: N_("Marked as duplicate"),
    },
    "delivery": {"pending": N_("on its way"), "delivered": N_("arrived"), "failed": N_("failed")},
}
"""By kind and id."""
