"""What the assistant could not answer, and what staff do about it: training questions, new entries, a new model."""
