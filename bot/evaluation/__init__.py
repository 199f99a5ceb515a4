"""Measures how well messages are understood, on questions that nothing was trained or tuned on.

Runs inside the engine's environment, started by `bot evaluate`: `sets` are read, each message goes through the trained
model (`outcomes`), robustness suites are made by machine (`suites`), `metrics` are taken, and `report` and `plots`
write one page under `docs/evaluation/`. `floors` says which figures must not fall.
"""
