"""The Telegram face: a process of its own that talks to the conversation service, as the gateway does.

An update goes: `receiver` or `webhook` (stored before it is acknowledged) -> `inbox` (the durable queue) ->
`dispatcher` (in order within a chat, side by side between chats) -> `handling` (what it means; the conversation
service answers) -> `rendering` (text and buttons in Telegram's form) -> `sender` (waits out limits and failures).
"""
