"""What questions and inquiries mean, as vectors made by the engine: kept with what they were made of, and no longer."""

from bot.meanings.keeper import MeaningKeeper
from bot.meanings.vectors import cell_of, cells_near, matrix

__all__ = ["MeaningKeeper", "cell_of", "cells_near", "matrix"]
