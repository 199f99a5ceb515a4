"""Keeping personal data no wider and no longer than docs/privacy.md says.

`masking` and `logs` run in every process, the engine's among them, so they import nothing of the program; that is why
nothing is gathered here: take each piece from its own module.
"""
