"""Fixtures for all tests."""

import gc
import os
from collections.abc import Iterator
from functools import partial
from types import CodeType

import pytest
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from intake.pages import templates

pytest_plugins = [
    "tests.databases",
    "tests.service",
    "tests.browser",
    "tests.reporting",
    "tests.processes",
    "tests.soak",
]


class Compiled(BytecodeCache):
    """Templates as code, by their source."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def pages_compiled_once() -> Iterator[None]:
    """Every test that opens a listener would compile its fifty templates anew, for seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "Environment", partial(Environment, bytecode_cache=Compiled()))
        yield


def pytest_configure() -> None:
    """How long an example takes says what else the machine does; in CI Hypothesis sees to that itself."""
    if os.environ.get("CI") != "true":
        settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
