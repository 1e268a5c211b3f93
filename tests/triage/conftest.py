"""What several tests of triage share: the gazetteer, read once."""

import pytest

from triage.gazetteer import Gazetteer
from triage.tables import load_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()
