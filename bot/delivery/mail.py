"""An e-mail as it goes out: plain text, and headers that nothing from outside can add to."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from email_validator import EmailNotValidError, validate_email

from bot.errors import DeliveryRefused
from bot.knowledge import Language
from bot.settings import Settings

# Seven bits reach every server; the encoding of the body is the shorter of quoted-printable and base64.
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Mail:
    """What to write to whom.

    Arguments:
        name: the same for the same e-mail, so that a second copy is recognised as such.
        thread: the same for all e-mails about one thing, which mail programs then show together.
        automatic: written by the program alone; holiday notices and the like are then not sent back.
        answerable: whether an answer has somebody to read it.
    """

    name: str
    thread: str
    recipient: str
    subject: str
    body: str
    language: Language
    at: datetime
    automatic: bool
    answerable: bool


def build_message(mail: Mail, settings: Settings) -> EmailMessage:
    """The e-mail, ready to send.

    Raises:
        DeliveryRefused: the recipient's address is none that a header can hold.
    """
    name, address = parseaddr(settings.mail_from or "")
    message = EmailMessage(_POLICY)
    try:
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(addr_spec=validate_email(mail.recipient, check_deliverability=False).normalized)
        if mail.answerable and settings.mail_reply_to:
            reply_name, reply_address = parseaddr(settings.mail_reply_to)
            message["Reply-To"] = Address(reply_name, addr_spec=reply_address)
        # The library refuses line breaks in any header.
        message["Subject"] = mail.subject
    except (EmailNotValidError, ValueError):
        raise DeliveryRefused("a header cannot hold the address or the subject") from None
    domain = address.rpartition("@")[2]
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = _identifier(mail.name, domain, settings)
    message["References"] = _identifier(mail.thread, domain, settings)
    if mail.automatic:
        # RFC 3834
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    # After the content, which would remove it.
    message["Content-Language"] = mail.language.value
    return message


def _identifier(name: str, domain: str, settings: Settings) -> str:
    """A message id that follows from `name` and tells outsiders nothing."""
    key = settings.secret_key.get_secret_value().encode()
    digest = hmac.new(key, f"message id {name}".encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:32]}@{domain}>"
