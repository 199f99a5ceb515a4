"""`make bench`: how fast and how large the assistant is on this machine, beside Rasa's own starter assistant."""
