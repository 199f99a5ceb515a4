"""Which columns hold personal data, why, and how long: what docs/privacy.md says, and what tests hold the models to.

Every column of every table is either here with its reason or among its table's `other` columns: who adds one has to
decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """How long."""

    TRANSCRIPT = "`BOT_RETENTION_TRANSCRIPT_DAYS` after the last message"
    INQUIRY = "`BOT_RETENTION_INQUIRY_DAYS` after the inquiry's end"
    AUDIT = "`BOT_RETENTION_AUDIT_DAYS`"
    DELIVERED = "until it has arrived; else as long as its conversation or inquiry"
    HELD = "until the conversation is given back"
    HANDLED = "until it has been handled"
    PROPOSED = "until staff take it back, or who asked it is erased; adopted, it is part of the knowledge base"
    WORK = "as long as the record of the work"
    ACCOUNT = "as long as the account"
    SIGNED_IN = "until the session ends or expires"
    ATTEMPT = "a day at most"


@dataclass(frozen=True, slots=True)
class Personal:
    """A column with personal data: what it holds of whom, and what for."""

    what: str
    why: str
    kept: Kept


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table: what it is, its columns with personal data, and the others, which say nothing of a person."""

    what: str
    personal: Mapping[str, Personal]
    other: frozenset[str]


_ORDER = "order, and how long it is kept"
_ANSWER = "answering in the conversation"
_FOLLOW_UP = "following the inquiry up"
_ONCE = "doing nothing twice"
_LINK = "belonging together, and erasing together"
_SIGN_IN = "signing in"

REGISTER: Mapping[str, TableEntry] = {
    "conversations": TableEntry(
        "One visitor's conversation, on the website or in Telegram.",
        {
            "id": Personal("random id of the conversation", _LINK, Kept.TRANSCRIPT),
            "token_hash": Personal("hash of the visitor's key to the conversation", "access", Kept.TRANSCRIPT),
            "language": Personal("language the visitor writes in", _ANSWER, Kept.TRANSCRIPT),
            "language_pinned": Personal("whether the visitor chose it", _ANSWER, Kept.TRANSCRIPT),
            "previous_entry": Personal("what the visitor was told last", _ANSWER, Kept.TRANSCRIPT),
            "asks": Personal("what the visitor was asked last", _ANSWER, Kept.TRANSCRIPT),
            "created_at": Personal("when it began", _ORDER, Kept.TRANSCRIPT),
            "updated_at": Personal("when last something was said", _ORDER, Kept.TRANSCRIPT),
        },
        frozenset({"channel", "turns_in_session"}),
    ),
    "messages": TableEntry(
        "What was said in a conversation.",
        {
            "conversation_id": Personal("the conversation", _LINK, Kept.TRANSCRIPT),
            "text": Personal("what the visitor, the assistant or staff wrote", _ANSWER, Kept.TRANSCRIPT),
            "language": Personal("its language", _ANSWER, Kept.TRANSCRIPT),
            "entry": Personal("the answer that was given", _ANSWER, Kept.TRANSCRIPT),
            "client_id": Personal("random id of a message on the visitor's device", _ONCE, Kept.TRANSCRIPT),
            "payload": Personal("the button that was pressed", _ANSWER, Kept.TRANSCRIPT),
            "intent": Personal("what the message was understood as", "making answers better", Kept.TRANSCRIPT),
            "confidence": Personal("how sure that was", "making answers better", Kept.TRANSCRIPT),
            "outcome": Personal("whether the question was answered", "making answers better", Kept.TRANSCRIPT),
            "entities": Personal("technologies and places named", _FOLLOW_UP, Kept.TRANSCRIPT),
            "created_at": Personal("when it was said", _ORDER, Kept.TRANSCRIPT),
        },
        frozenset({"id", "sender", "asks", "sources", "reply_to", "state"}),
    ),
    "buttons": TableEntry(
        "Buttons offered with a message.",
        {
            "conversation_id": Personal("the conversation", _LINK, Kept.TRANSCRIPT),
            "title": Personal("what it shows, which may repeat what the visitor wrote", _ANSWER, Kept.TRANSCRIPT),
            "payload": Personal("what it means, which may repeat what the visitor wrote", _ANSWER, Kept.TRANSCRIPT),
        },
        frozenset({"id", "message_id", "position"}),
    ),
    "feedback": TableEntry(
        "Whether an answer helped.",
        {
            "conversation_id": Personal("the conversation", _LINK, Kept.TRANSCRIPT),
            "helpful": Personal("the visitor's rating", "making answers better", Kept.TRANSCRIPT),
            "comment": Personal("the visitor's comment", "making answers better", Kept.TRANSCRIPT),
            "created_at": Personal("when it was given", _ORDER, Kept.TRANSCRIPT),
        },
        frozenset({"id", "message_id"}),
    ),
    "question_vectors": TableEntry(
        "What a question that was not answered well means, as numbers; it goes with its message.",
        {"vector": Personal("its meaning", "grouping questions of one meaning", Kept.TRANSCRIPT)},
        frozenset({"message_id", "encoder"}),
    ),
    "settled_questions": TableEntry(
        "That staff have dealt with a question; it goes with its message.",
        {
            "staff": Personal("name of the member of staff", "showing who did what", Kept.TRANSCRIPT),
            "at": Personal("when it was done", "showing who did what", Kept.TRANSCRIPT),
        },
        frozenset({"message_id", "proposal_id"}),
    ),
    "proposals": TableEntry(
        "What staff want the assistant to learn. Addresses and telephone numbers are masked.",
        {
            "content": Personal("questions as visitors may have typed them", "making answers better", Kept.PROPOSED),
            "author": Personal("name of the member of staff", "showing who did what", Kept.PROPOSED),
            "created_at": Personal("when it was proposed", _ORDER, Kept.PROPOSED),
        },
        frozenset({"id", "kind", "state", "topic", "entry"}),
    ),
    "trainings": TableEntry(
        "Trainings of the model that staff have started.",
        {
            "started_by": Personal("name of the member of staff", "showing who did what", Kept.WORK),
            "created_at": Personal("when it was started", _ORDER, Kept.WORK),
            "problem": Personal("why it failed, which may quote a proposed question", "mending it", Kept.WORK),
        },
        frozenset({"id", "state", "proposals", "beat_at", "model", "model_before", "figures", "figures_before"}),
    ),
    "holds": TableEntry(
        "A conversation that staff have taken over.",
        {
            "conversation_id": Personal("the conversation", _LINK, Kept.HELD),
            "staff": Personal("name of the member of staff", "one person answers at a time", Kept.HELD),
            "since": Personal("since when they hold it", "one person answers at a time", Kept.HELD),
        },
        frozenset({"until"}),
    ),
    "inquiries": TableEntry(
        "An inquiry that a person consented to have logged.",
        {
            "reference": Personal("its number, which the asker is told", _FOLLOW_UP, Kept.INQUIRY),
            "idempotency_key": Personal("conversation and form it came from", _ONCE, Kept.INQUIRY),
            "conversation_id": Personal("the conversation, while that is kept", _FOLLOW_UP, Kept.INQUIRY),
            "language": Personal("language to answer in", _FOLLOW_UP, Kept.INQUIRY),
            "topic": Personal("what it is about", _FOLLOW_UP, Kept.INQUIRY),
            "message": Personal("what the asker wrote", _FOLLOW_UP, Kept.INQUIRY),
            "name": Personal("name", _FOLLOW_UP, Kept.INQUIRY),
            "company": Personal("company, if given", _FOLLOW_UP, Kept.INQUIRY),
            "email": Personal("e-mail address", "answering; showing the inquiry to its asker only", Kept.INQUIRY),
            "country": Personal("country", _FOLLOW_UP, Kept.INQUIRY),
            "consent_version": Personal("version of the wording agreed to", "showing the consent", Kept.INQUIRY),
            "consented_at": Personal("when it was agreed to", "showing the consent", Kept.INQUIRY),
            "consent_days": Personal(
                "how long the asker was told that it is kept", "keeping it no longer than that", Kept.INQUIRY
            ),
            "transcript": Personal("the conversation up to the inquiry", _FOLLOW_UP, Kept.INQUIRY),
            "created_at": Personal("when it was logged", _ORDER, Kept.INQUIRY),
            "updated_at": Personal("when it was changed last", _ORDER, Kept.INQUIRY),
            "assignee": Personal("name of the member of staff who answers", _FOLLOW_UP, Kept.INQUIRY),
            "waiting_since": Personal("since when the asker waits", _FOLLOW_UP, Kept.INQUIRY),
            "first_reply_at": Personal("when the asker was first answered", _FOLLOW_UP, Kept.INQUIRY),
            "replied_in_time": Personal("whether that was in time", "keeping promises", Kept.INQUIRY),
            "closed_at": Personal("when it ended", _ORDER, Kept.INQUIRY),
            "duplicate_of_id": Personal("the inquiry that goes on instead", _FOLLOW_UP, Kept.INQUIRY),
        },
        frozenset({"id", "channel", "state", "version", "priority", "due_at"}),
    ),
    "inquiry_entities": TableEntry(
        "Technologies, places and the like that the asker named, by their canonical ids.",
        {
            "entity": Personal("the kind of thing", _FOLLOW_UP, Kept.INQUIRY),
            "value": Personal("what was named", _FOLLOW_UP, Kept.INQUIRY),
        },
        frozenset({"inquiry_id", "position", "logged_at"}),
    ),
    "inquiry_tags": TableEntry(
        "Words that staff put on an inquiry.",
        {"tag": Personal("the word", _FOLLOW_UP, Kept.INQUIRY)},
        frozenset({"inquiry_id", "logged_at"}),
    ),
    "inquiry_notes": TableEntry(
        "What staff wrote about an inquiry for each other.",
        {
            "author": Personal("name of the member of staff", _FOLLOW_UP, Kept.INQUIRY),
            "text": Personal("the note", _FOLLOW_UP, Kept.INQUIRY),
            "created_at": Personal("when it was written", _ORDER, Kept.INQUIRY),
        },
        frozenset({"id", "inquiry_id"}),
    ),
    "inquiry_replies": TableEntry(
        "What staff answered.",
        {
            "author": Personal("name of the member of staff", _FOLLOW_UP, Kept.INQUIRY),
            "text": Personal("the reply", _FOLLOW_UP, Kept.INQUIRY),
            "created_at": Personal("when it was written", _ORDER, Kept.INQUIRY),
        },
        frozenset({"id", "inquiry_id", "idempotency_key", "language"}),
    ),
    "inquiry_events": TableEntry(
        "The history of an inquiry; never what somebody wrote.",
        {
            "at": Personal("when it happened", "showing who did what", Kept.INQUIRY),
            "actor_name": Personal("name of the member of staff", "showing who did what", Kept.INQUIRY),
            "old_value": Personal("state or name of staff before", "showing who did what", Kept.INQUIRY),
            "new_value": Personal("state or name of staff after", "showing who did what", Kept.INQUIRY),
        },
        frozenset({"id", "inquiry_id", "actor", "event"}),
    ),
    "inquiry_search": TableEntry(
        "The words of an inquiry, so that staff find it; with a full-text index over them.",
        {
            "text": Personal("message, name, company, address and transcript", "finding it", Kept.INQUIRY),
            "pieces": Personal("the same in pieces of a few letters", "finding it", Kept.INQUIRY),
        },
        frozenset({"inquiry_id"}),
    ),
    "inquiry_vectors": TableEntry(
        "What an inquiry means, as numbers; it goes with the inquiry.",
        {"vector": Personal("its meaning", "finding similar inquiries", Kept.INQUIRY)},
        frozenset({"inquiry_id", "encoder"}),
    ),
    "deliveries": TableEntry(
        "The outbox: what is to be told to somebody. Addresses are not in it.",
        {
            "key": Personal("inquiry or conversation it is about", _ONCE, Kept.INQUIRY),
            "conversation_id": Personal("the conversation it is told in", _LINK, Kept.TRANSCRIPT),
            "inquiry_id": Personal("the inquiry it is about", _LINK, Kept.INQUIRY),
            "text": Personal("what staff wrote", "delivering it", Kept.DELIVERED),
            "created_at": Personal("when it was put in", _ORDER, Kept.INQUIRY),
            "settled_at": Personal("when it arrived or failed", "showing that it arrived", Kept.INQUIRY),
        },
        frozenset({"id", "kind", "channel", "language", "state", "attempts", "due_at", "lease", "error"}),
    ),
    "telegram_chats": TableEntry(
        "Chats with the Telegram bot: the only table that leads to a person's Telegram account.",
        {
            "chat_id": Personal("Telegram's id of the chat", "answering in the chat", Kept.TRANSCRIPT),
            "conversation_id": Personal("the conversation", _LINK, Kept.TRANSCRIPT),
            "language": Personal("language of the person's Telegram", _ANSWER, Kept.TRANSCRIPT),
            "reachable": Personal("whether the person has blocked the bot", "sending nothing then", Kept.TRANSCRIPT),
            "created_at": Personal("when the chat began", _ORDER, Kept.TRANSCRIPT),
            "updated_at": Personal("when it was last used", _ORDER, Kept.TRANSCRIPT),
        },
        frozenset({"greeted_by"}),
    ),
    "telegram_updates": TableEntry(
        "What Telegram has sent to the bot, until it is handled.",
        {
            "chat_id": Personal("Telegram's id of the chat", "answering in the chat", Kept.TRANSCRIPT),
            "content": Personal("the message as Telegram sent it", "losing nothing in a crash", Kept.HANDLED),
            "received_at": Personal("when it came", _ORDER, Kept.TRANSCRIPT),
        },
        frozenset({"update_id", "state", "sent"}),
    ),
    "events": TableEntry(
        "The dialogue engine's memory, in a database of its own (`BOT_TRACKER_URL`).",
        {
            "sender_id": Personal("the conversation", _LINK, Kept.TRANSCRIPT),
            "timestamp": Personal("when it happened", _ORDER, Kept.TRANSCRIPT),
            "intent_name": Personal("what a message was understood as", _ANSWER, Kept.TRANSCRIPT),
            "data": Personal("message, answer, or what was filled into a form", _ANSWER, Kept.TRANSCRIPT),
        },
        frozenset({"id", "type_name", "action_name"}),
    ),
    "staff_accounts": TableEntry(
        "Members of staff who may sign in to the console.",
        {
            "name": Personal("name of the member of staff", "signing in; showing who did what", Kept.ACCOUNT),
            "role": Personal("what they may do", "access", Kept.ACCOUNT),
            "language": Personal("language of their console", "showing the console", Kept.ACCOUNT),
            "password_hash": Personal("hash of their password (Argon2id)", _SIGN_IN, Kept.ACCOUNT),
            "totp_seed": Personal("half of what their second factor is made from", _SIGN_IN, Kept.ACCOUNT),
            "totp_step": Personal("when they last used the second factor", "no code twice", Kept.ACCOUNT),
            "disabled_at": Personal("when they were shut out", "access", Kept.ACCOUNT),
            "created_at": Personal("when the account was made", "access", Kept.ACCOUNT),
            "updated_at": Personal("when it was changed last", "access", Kept.ACCOUNT),
        },
        frozenset({"id"}),
    ),
    "staff_recovery_codes": TableEntry(
        "Codes that stand in for the second factor, each once.",
        {
            "code_hash": Personal("hash of the code", _SIGN_IN, Kept.ACCOUNT),
            "account_id": Personal("the account", _LINK, Kept.ACCOUNT),
        },
        frozenset(),
    ),
    "staff_sessions": TableEntry(
        "Who of staff is signed in.",
        {
            "token_hash": Personal("hash of the key in the browser's cookie", "access", Kept.SIGNED_IN),
            "account_id": Personal("the account", _LINK, Kept.SIGNED_IN),
            "created_at": Personal("when they signed in", "ending the session in time", Kept.SIGNED_IN),
            "seen_at": Personal("when they were last there", "ending the session in time", Kept.SIGNED_IN),
        },
        frozenset({"is_pending", "expires_at"}),
    ),
    "staff_attempts": TableEntry(
        "Attempts to sign in to the console that have not succeeded.",
        {
            "subject": Personal("pseudonym of the account's name or of the address", "no guessing", Kept.ATTEMPT),
            "at": Personal("when it was tried", "no guessing", Kept.ATTEMPT),
        },
        frozenset({"id"}),
    ),
    "staff_readings": TableEntry(
        "Which inquiries a member of staff has read, or has open.",
        {
            "account_id": Personal("the account", "unread marks; two people at one inquiry", Kept.INQUIRY),
            "seen_at": Personal("when it was last on their screen", "two people at one inquiry", Kept.INQUIRY),
        },
        frozenset({"inquiry_id", "version"}),
    ),
    "staff_saved_views": TableEntry(
        "Filters of the inbox that a member of staff keeps.",
        {
            "account_id": Personal("the account", _LINK, Kept.ACCOUNT),
            "name": Personal("what they call it", "finding it again", Kept.ACCOUNT),
            "query": Personal("the filter, without words looked for", "finding it again", Kept.ACCOUNT),
        },
        frozenset({"id"}),
    ),
    "audit_records": TableEntry(
        "That personal data was looked at, changed, handed out, erased or has expired; without the data.",
        {
            "at": Personal("when it was done", "showing that it was done (Art. 5(2))", Kept.AUDIT),
            "actor_name": Personal("name of the member of staff", "showing who did it", Kept.AUDIT),
            "subject": Personal(
                "pseudonym of the person: HMAC-SHA-256 of the address with a key derived from `BOT_SECRET_KEY`",
                "showing to this person that it was done",
                Kept.AUDIT,
            ),
        },
        frozenset({"id", "action", "actor", "counts"}),
    ),
}
"""By table, in the order in which data comes in."""


def document_rows(table: str) -> list[str]:
    """The rows of docs/privacy.md about a table."""
    return [
        f"| `{table}.{column}` | {entry.what} | {entry.why} | {entry.kept} |"
        for column, entry in REGISTER[table].personal.items()
    ]
