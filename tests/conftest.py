"""Fixtures for all tests."""

pytest_plugins = [
    "tests.databases",
    "tests.service",
    "tests.browser",
    "tests.reporting",
    "tests.processes",
    "tests.soak",
]
