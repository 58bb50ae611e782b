"""Measurements, as ratios to what the same machine does with nothing to do. `python -m bench`."""
