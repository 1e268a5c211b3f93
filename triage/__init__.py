"""Decisions: pure functions of values and `now`; imports nothing of ours."""
