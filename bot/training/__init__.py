"""Training a model with what staff propose, apart from the running one; measured beside it, and put in its place."""

from bot.training.comparison import Figure, compare, worse
from bot.training.service import Trainings, TrainingView

__all__ = ["Figure", "TrainingView", "Trainings", "compare", "worse"]
