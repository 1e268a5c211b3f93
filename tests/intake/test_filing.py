"""Prove that what somebody wrote is filed even where triage fails."""

import pytest

from intake.crew.shop import Shop, Stocked
from intake.filing import assess_text
from intake.vault.service_key import ServiceKey
from tests.service import CALENDAR, make_config
from triage.assess import Knowledge
from triage.model import NOWHERE, Assessment, Doubt, Kind, Pace, Place, Urgency


@pytest.fixture
def damaged() -> Shop:
    """A shop whose words cannot be used."""
    knowledge = Knowledge()
    knowledge.__dict__["lexicons"] = None
    return Stocked(make_config(), ServiceKey.generate(), knowledge, CALENDAR, None)


@pytest.mark.parametrize(
    ("door", "place", "kind"), [(None, NOWHERE, Kind.HELP), (Kind.TIP, Place("12", "1280"), Kind.TIP)]
)
def test_a_text_that_triage_trips_over_is_to_be_read_today(
    door: Kind | None, place: Place, kind: Kind, damaged: Shop, capsys: pytest.CaptureFixture[str]
):
    found = assess_text(damaged, "Han slår mig", kind=door, chosen=place, lang="en")
    wanted = Assessment(kind, urgency=Urgency.HIGH, place=place, lang="en", doubts=frozenset({Doubt.DANGER}))
    assert (found, found.pace) == (wanted, Pace.TODAY)
    assert "slår" not in "".join(capsys.readouterr())
