"""What Alembic runs for each command; called only through `bot.store.migrations`, which hands in the connection."""

from alembic import context

from bot.store import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
