"""What the chat API takes and gives; the contract is design, section 5, and /api/openapi.json."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot import conversations
from bot.knowledge import Language
from bot.store import Sender

MAX_ID = 2**63 - 1
"""The largest integer that a database keeps."""

BUTTON_ID_MAX_CHARACTERS = 64

MessageId = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]
AfterId = Annotated[int, Field(ge=0, le=MAX_ID)]


class StartRequest(BaseModel):
    """A new conversation."""

    language: Language | None = Field(default=None, description="What to greet in; null: what the browser prefers.")


class PostRequest(BaseModel):
    """What the visitor typed, or the button that they pressed."""

    client_id: UUID = Field(description="Made up by the face; the same again brings the same answer.")
    text: str | None = None
    button: Annotated[str, Field(max_length=BUTTON_ID_MAX_CHARACTERS)] | None = None

    @model_validator(mode="after")
    def _check_text_or_button(self) -> Self:
        if (self.text is None) == (self.button is None):
            raise PydanticCustomError("text_or_button", "give text or button")
        return self


class FeedbackRequest(BaseModel):
    """Whether a message helped."""

    message_id: MessageId
    helpful: Annotated[bool, Field(strict=True)]
    comment: str | None = None


class _Response(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ButtonOut(_Response):
    """A button; only its id is sent back."""

    id: str
    title: str


class SourceOut(_Response):
    """Where facts are from."""

    title: str
    url: str | None
    as_of: str | None = Field(description="YYYY or YYYY-MM")


class MessageOut(_Response):
    """One message."""

    id: int = Field(description="Rises by time.")
    sender: Sender
    text: str
    language: Language
    buttons: tuple[ButtonOut, ...]
    sources: tuple[SourceOut, ...]
    entry: str | None = Field(description="The knowledge entry that the text states facts from.")
    asks: str | None = Field(description="The field that the text asks for.")
    created_at: datetime

    @classmethod
    def of(cls, message: conversations.Message) -> Self:
        """The message as it is sent out."""
        return cls.model_validate(message)


class GreetingResponse(_Response):
    """What to show before a conversation is started, so that nothing is stored for who only looks."""

    language: Language
    text: str
    suggestions: tuple[str, ...] = Field(description="Titles of the buttons that a conversation begins with.")


class StartResponse(_Response):
    """A started conversation; the token is told this once."""

    id: str
    token: str
    language: Language
    messages: tuple[MessageOut, ...]


class MessagesResponse(_Response):
    """Messages in the order they came."""

    messages: tuple[MessageOut, ...]

    @classmethod
    def of(cls, messages: list[conversations.Message]) -> Self:
        """The messages as they are sent out."""
        return cls(messages=tuple(MessageOut.of(message) for message in messages))


class ErasureResponse(_Response):
    """What is gone and what is kept, in the language of the conversation."""

    erased: tuple[str, ...]
    kept: tuple[str, ...]


class ErrorDetail(BaseModel):
    """What went wrong: a stable code, and a sentence for developers."""

    code: str
    message: str


class ErrorResponse(BaseModel):
    """The shape of every error."""

    error: ErrorDetail
