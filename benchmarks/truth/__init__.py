"""Compares what engines say with what is known to have run: see docs/how/accuracy.md."""
