"""Fixtures: the database that is enough for who may be written to, and when."""

from tests.databases import both_in_soak as database_url

__all__ = ["database_url"]
