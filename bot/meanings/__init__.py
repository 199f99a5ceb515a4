"""What questions and inquiries mean, as vectors made by the engine: kept with what they were made of, and no longer.

Services read `vectors`, and only the gateway runs the `keeper`, which needs the engine: so nothing is gathered here.
"""
