"""The assistant's processes put together: what is trained, what is started, and what is kept running."""
