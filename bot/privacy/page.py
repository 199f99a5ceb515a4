"""Personal data as a page to read, in the person's language."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from babel.dates import format_date, format_datetime

from bot.inquiries import EntityValue, country_name
from bot.inquiries.business_hours import ZONE
from bot.knowledge import KnowledgeBase, Language, Responses
from bot.privacy.personal_data import PersonalData, StoredConversation, StoredDelivery, StoredInquiry

Line = tuple[datetime, str, str]
"""When, who or what, and the text."""

_SENDERS = {
    "user": "say_export_sender_user",
    "asker": "say_export_sender_user",
    "bot": "say_export_sender_bot",
    "staff": "say_export_sender_staff",
    "system": "say_export_sender_system",
}
_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
h2 { border-top: 1px solid; padding-top: 1rem; margin-top: 2rem }
dt { font-weight: bold } dd { margin: 0 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere }
td { vertical-align: top; padding: .2rem .8rem .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
td:first-child { white-space: nowrap }
"""


class Page:
    """Builds the page. Whatever is stored is text on it, never markup.

    Args:
        responses: headings and labels.
        knowledge: titles of topics.
        language: of the person.
    """

    def __init__(self, responses: Responses, knowledge: KnowledgeBase, language: Language) -> None:
        self._responses = responses
        self._topics = {topic.id: topic.title[language] for topic in knowledge.topics}
        self._language = language

    def html(self, data: PersonalData, json_file: str) -> str:
        """The whole page; `json_file` is the name of the file beside it."""
        title = self._say("say_export_title")
        parts = [
            f"<h1>{escape(title)}</h1>",
            self._paragraph("say_export_intro", date=self._date(data.exported_at), file=json_file),
            self._paragraph("say_export_rights"),
            *(part for inquiry in data.inquiries for part in self._inquiry(inquiry)),
            *(part for conversation in data.conversations for part in self._conversation(conversation)),
        ]
        head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        body = "\n".join(parts)
        return f'<!doctype html>\n<html lang="{self._language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'

    def _inquiry(self, inquiry: StoredInquiry) -> Iterator[str]:
        status = self._say(
            f"say_inquiry_status_{inquiry.state}", reference=inquiry.reference, date=self._date(inquiry.created_at)
        )
        yield f"<h2>{escape(self._say('say_export_inquiry', reference=inquiry.reference))}</h2>"
        yield self._fields(
            (
                ("say_export_label_logged", self._moment(inquiry.created_at)),
                ("say_export_label_state", status),
                ("say_export_label_topic", self._topics.get(inquiry.topic, inquiry.topic)),
                ("say_export_label_message", inquiry.message),
                ("say_export_label_name", inquiry.name),
                ("say_export_label_company", inquiry.company),
                ("say_export_label_email", inquiry.email),
                ("say_export_label_country", country_name(inquiry.country, self._language)),
                ("say_export_label_channel", inquiry.channel),
                ("say_export_label_language", inquiry.language),
                ("say_export_label_consent", f"{inquiry.consent_version}, {self._moment(inquiry.consented_at)}"),
                ("say_export_label_wording", inquiry.consent_wording),
                ("say_export_label_named", _listed(inquiry.named)),
                ("say_export_label_tags", ", ".join(inquiry.tags)),
            )
        )
        said = ((line.at, self._sender(line.sender), line.text) for line in inquiry.transcript)
        yield from self._table("say_export_transcript", said)
        yield from self._table("say_export_replies", ((reply.at, "", reply.text) for reply in inquiry.replies))
        yield from self._table("say_export_notes", ((note.at, "", note.text) for note in inquiry.notes))
        happened = (
            (event.at, self._sender(event.by), _change(event.event, event.old_value, event.new_value))
            for event in inquiry.history
        )
        yield from self._table("say_export_history", happened)
        yield from self._table("say_export_deliveries", map(_delivery, inquiry.deliveries))

    def _conversation(self, conversation: StoredConversation) -> Iterator[str]:
        started = self._moment(conversation.created_at)
        events = len(conversation.engine_events)
        chat = conversation.telegram_chat_id
        yield f"<h2>{escape(self._say('say_export_conversation', date=started))}</h2>"
        yield self._fields(
            (
                ("say_export_label_channel", conversation.channel),
                ("say_export_label_language", conversation.language),
                ("say_export_label_last_used", self._moment(conversation.updated_at)),
                ("say_export_label_chat", None if chat is None else str(chat)),
                (
                    "say_export_label_engine",
                    self._say("say_export_engine_note", count=str(events)) if events else None,
                ),
            )
        )
        said = ((line.at, self._sender(line.sender), line.text) for line in conversation.messages)
        yield from self._table("say_export_messages", said)
        ratings = (
            (rating.at, self._say("say_export_helpful" if rating.helpful else "say_export_not_helpful"), rating.comment)
            for rating in conversation.ratings
        )
        yield from self._table("say_export_ratings", ((at, what, comment or "") for at, what, comment in ratings))
        yield from self._table("say_export_deliveries", map(_delivery, conversation.deliveries))

    def _fields(self, fields: Iterable[tuple[str, str | None]]) -> str:
        rows = (f"<dt>{escape(self._say(label))}</dt><dd>{escape(value)}</dd>" for label, value in fields if value)
        return f"<dl>{''.join(rows)}</dl>"

    def _table(self, heading: str, lines: Iterable[Line]) -> Iterator[str]:
        rows = [
            f"<tr><td>{escape(self._moment(at))}</td><td>{escape(what)}</td><td>{escape(text)}</td></tr>"
            for at, what, text in lines
        ]
        if rows:
            yield f"<h3>{escape(self._say(heading))}</h3><table>{''.join(rows)}</table>"

    def _paragraph(self, name: str, **values: str) -> str:
        return f"<p>{escape(self._say(name, **values))}</p>"

    def _say(self, name: str, **values: str) -> str:
        return self._responses.render(name, self._language, **values).text

    def _sender(self, kind: str) -> str:
        return self._say(_SENDERS[kind]) if kind in _SENDERS else kind

    def _date(self, moment: datetime) -> str:
        return format_date(moment.astimezone(ZONE), "long", locale=self._language.value)

    def _moment(self, moment: datetime) -> str:
        return format_datetime(moment.astimezone(ZONE), "medium", locale=self._language.value)


def _listed(named: tuple[EntityValue, ...]) -> str:
    return ", ".join(f"{found.entity}: {found.value}" for found in named)


def _change(event: str, old: str | None, new: str | None) -> str:
    return f"{event}: {old or '-'} → {new or '-'}" if old or new else event


def _delivery(delivery: StoredDelivery) -> Line:
    what = f"{delivery.kind}, {delivery.channel}, {delivery.state}"
    return delivery.created_at, what, delivery.text or ""
