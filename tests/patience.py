"""How long a test waits for what must come: a bound against waiting for ever, never a measure of speed."""

PATIENCE = 60.0
"""Seconds; a machine with other work takes its time."""
