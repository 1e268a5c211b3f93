"""Fixtures: the database that is enough for what is written down of a case."""

from tests.databases import both_in_soak as database_url

__all__ = ["database_url"]
