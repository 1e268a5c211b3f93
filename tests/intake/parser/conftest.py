"""Fixtures: decoders made ready, as the process makes them."""

import warnings
from collections.abc import Iterator

import pytest
from PIL import Image

from intake.parser.pictures import prepare


@pytest.fixture(autouse=True)
def ready() -> Iterator[None]:
    before = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        prepare()
        yield
    Image.MAX_IMAGE_PIXELS = before
