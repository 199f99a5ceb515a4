"""Custom actions, one module a conversation concern. They are thin: the work is in `bot.inquiries`.

Each action is built with the services it needs and served by `actions.server`, which the engine calls.
"""
