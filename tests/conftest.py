"""Fixtures for all tests."""

from collections.abc import Iterator
from functools import partial

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from intake.pages import templates

pytest_plugins = [
    "tests.databases",
    "tests.service",
    "tests.browser",
    "tests.reporting",
    "tests.processes",
    "tests.soak",
]


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test that opens a listener would compile its fifty templates anew, for two seconds."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "Environment", partial(Environment, bytecode_cache=kept))
        yield
