"""Rasa components that understand messages; they run inside the engine's environment.

The order in `config.yml` is the data flow: the language of a message, its sentence features, its intent and knowledge
entry, its entities. `channel` and `tracker_store` are how the engine is reached and remembers.
"""
