"""One service a database file: the second is told so, and the first one's end frees the place."""

import stat

import pytest

from intake.store.alone import Occupied, alone


def test_a_second_one_is_told_that_the_place_is_taken(tmp_path):
    url = f"sqlite:///{tmp_path / 'hamn.db'}"
    with alone(url), pytest.raises(Occupied, match="another hamn serves this database"), alone(url):
        pass


def test_when_the_first_has_ended_the_next_may_begin(tmp_path):
    url = f"sqlite:///{tmp_path / 'hamn.db'}"
    for _ in range(2):
        with alone(url):
            assert stat.S_IMODE((tmp_path / "hamn.db.lock").stat().st_mode) == 0o600


def test_two_databases_are_served_side_by_side(tmp_path):
    with alone(f"sqlite:///{tmp_path / 'a.db'}"), alone(f"sqlite:///{tmp_path / 'b.db'}"):
        assert len(list(tmp_path.iterdir())) == 2


def test_on_postgresql_several_may_serve():
    url = "postgresql://hamn@localhost/hamn"
    with alone(url), alone(url):
        pass
