"""Conversations as the gateway records them: a question, what came back, and what the visitor thought of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import (
    Button,
    Conversation,
    Feedback,
    Message,
    MessageState,
    Outcome,
    Sender,
    Store,
    hash_token,
    utc_now,
)


@dataclass
class Talk:
    """Writes into one conversation of its own."""

    store: Store
    language: str = "de"
    channel: str = "web"

    def ask(
        self,
        text: str,
        outcome: Outcome | None,
        *,
        at: datetime | None = None,
        confidence: float = 0.9,
        entry: str | None = None,
        offered: str | None = None,
        helpful: bool | None = None,
        comment: str | None = None,
    ) -> int:
        """Record a question with its reply; returns the question's id.

        Arguments:
            entry: what the reply gave. offered: what its first button offers.
            helpful: how the reply was rated, if it was.
        """
        at = at or utc_now()
        with self.store.session() as session:
            conversation = Conversation(
                token_hash=hash_token(text),
                channel=self.channel,
                language=self.language,
                created_at=at,
                updated_at=at,
            )
            session.add(conversation)
            session.flush()
            common = {"conversation_id": conversation.id, "language": self.language, "created_at": at}
            asked = Message(
                **common,
                sender=Sender.USER,
                text=text,
                state=MessageState.ANSWERED,
                outcome=outcome,
                confidence=confidence,
            )
            session.add(asked)
            session.flush()
            reply = Message(**common, sender=Sender.BOT, text="Antwort", entry=entry, reply_to=asked.id)
            session.add(reply)
            session.flush()
            if offered is not None:
                payload = f'/faq{{"entry": "{offered}"}}'
                session.add(
                    Button(
                        message_id=reply.id,
                        conversation_id=conversation.id,
                        position=0,
                        title=offered,
                        payload=payload,
                    )
                )
            if helpful is not None:
                session.add(
                    Feedback(
                        message_id=reply.id,
                        conversation_id=conversation.id,
                        helpful=helpful,
                        comment=comment,
                        created_at=at,
                    )
                )
            return asked.id
