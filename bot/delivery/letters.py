"""What an e-mail or a webhook says about an inquiry."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from sqlalchemy.orm import Session

from bot.delivery.mail import Mail
from bot.delivery.records import ClaimedDelivery
from bot.errors import LeaseLost
from bot.knowledge import KnowledgeBase, Language, Responses
from bot.settings import Settings
from bot.store import DeliveryKind, Inquiry

OFFICE_TIME = ZoneInfo("Europe/Berlin")
UNKNOWN = "–"
_FORM_TOPIC = "say_ask_inquiry_form_topic"

_LOCALES = {
    Language.KOREAN: Locale("ko"),
    Language.GERMAN: Locale("de"),
    Language.ENGLISH: Locale("en", "GB"),
}
_STAFF_NOTICES = {
    DeliveryKind.INQUIRY_LOGGED: ("say_email_logged_subject", "say_email_logged"),
    DeliveryKind.ASKER_WROTE: ("say_email_asker_wrote_subject", "say_email_asker_wrote"),
    DeliveryKind.INQUIRY_OVERDUE: ("say_email_overdue_subject", "say_email_overdue"),
}
WEBHOOK_TYPES = {
    DeliveryKind.INQUIRY_LOGGED: "inquiry.logged",
    DeliveryKind.ASKER_WROTE: "inquiry.asker_wrote",
    DeliveryKind.INQUIRY_OVERDUE: "inquiry.overdue",
}


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """What letters say about an inquiry, and where they go; nothing that the asker wrote."""

    reference: str
    topic: str
    language: Language
    email: str
    created_at: datetime
    due_at: datetime | None


def read_facts(session: Session, delivery: ClaimedDelivery) -> InquiryFacts:
    """The inquiry that a delivery is about.

    Raises:
        LeaseLost: it was erased, and the delivery with it.
    """
    inquiry = session.get(Inquiry, delivery.inquiry_id) if delivery.inquiry_id is not None else None
    if inquiry is None:
        raise LeaseLost
    return InquiryFacts(
        reference=inquiry.reference,
        topic=inquiry.topic,
        language=Language(inquiry.language),
        email=inquiry.email,
        created_at=inquiry.created_at,
        due_at=inquiry.due_at,
    )


class Letters:
    """Writes e-mails and webhooks.

    Args:
        responses: their texts.
        knowledge: titles of topics.
        settings: addresses and links.
    """

    def __init__(self, responses: Responses, knowledge: KnowledgeBase, settings: Settings) -> None:
        self._responses = responses
        self._knowledge = knowledge
        self._settings = settings

    def mail(self, delivery: ClaimedDelivery, facts: InquiryFacts) -> Mail:
        """The e-mail of a delivery: to the asker, or to staff."""
        language = delivery.language
        to_staff = delivery.kind in _STAFF_NOTICES
        if to_staff:
            subject_name, what = _STAFF_NOTICES[delivery.kind]
            body_name = "say_email_staff"
            values = {"what": self._say(what, language), **self._staff_values(facts, language)}
        else:
            is_reply = delivery.kind is DeliveryKind.REPLY
            subject_name = "say_email_reply_subject" if is_reply else "say_email_confirmation_subject"
            body_name = "say_email_reply" if is_reply else "say_email_confirmation"
            how = "say_email_answer_by_mail" if self._settings.mail_reply_to else "say_email_answer_in_chat"
            values = {"how_to_answer": self._say(how, language), "text": delivery.text or ""}
        values |= {
            "reference": facts.reference,
            "topic": self._topic(facts.topic, language),
            "date": format_date(_office(facts.created_at), "long", locale=_LOCALES[language]),
        }
        return Mail(
            name=f"delivery {delivery.id}",
            thread=f"inquiry {facts.reference} {'staff' if to_staff else 'asker'}",
            recipient=parseaddr(self._settings.staff_notify or "")[1] if to_staff else facts.email,
            subject=self._say(subject_name, language, **values),
            body=self._say(body_name, language, **values) + "\n",
            language=language,
            at=delivery.created_at,
            automatic=delivery.kind is not DeliveryKind.REPLY,
            answerable=not to_staff,
        )

    def webhook(self, delivery: ClaimedDelivery, facts: InquiryFacts) -> dict[str, object]:
        """The JSON of a delivery, without its id."""
        return {
            "type": WEBHOOK_TYPES[delivery.kind],
            "timestamp": delivery.created_at.astimezone(UTC).isoformat(),
            "data": {
                "reference": facts.reference,
                "topic": facts.topic,
                "language": facts.language.value,
                "created_at": facts.created_at.astimezone(UTC).isoformat(),
                "due_at": facts.due_at.astimezone(UTC).isoformat() if facts.due_at else None,
                "url": self._link(facts.reference),
            },
        }

    def _staff_values(self, facts: InquiryFacts, language: Language) -> dict[str, str]:
        locale = _LOCALES[language]
        due = format_datetime(_office(facts.due_at), "medium", locale=locale) if facts.due_at else UNKNOWN
        return {
            "language": str(locale.languages[facts.language.value]),
            "due": due,
            "link": self._link(facts.reference),
        }

    def _link(self, reference: str) -> str:
        return f"{self._settings.base_url}/staff/inquiries/{reference}"

    def _topic(self, topic_id: str, language: Language) -> str:
        topic = self._knowledge.topic(topic_id)
        if topic is not None:
            return topic.title[language]
        # "Something else" is a choice of the form, not a topic of the knowledge base.
        chosen = self._responses.render(_FORM_TOPIC, language).buttons
        return next((button.title for button in chosen if f'"{topic_id}"' in button.payload), topic_id)

    def _say(self, name: str, language: Language, /, **values: str) -> str:
        return self._responses.render(name, language, **values).text


def _office(moment: datetime) -> datetime:
    return moment.astimezone(OFFICE_TIME)
