"""Too much waits its turn, nothing is refused, and nobody can tell who wrote."""

from datetime import timedelta

import pytest

from intake.crowd import FLOOD_LASTS, KEY_LIFE, LONGEST_WAIT, Cause, Crowd, Rate, group
from tests.service import MONDAY_MORNING as NOW

OFF, TEN = Rate(0), Rate(10)


def waits(crowd: Crowd, number: int, sender: str | None = "192.0.2.1", one: Rate = TEN, everybody: Rate = OFF, at=NOW):
    return [crowd.wait(sender, one, everybody, at).total_seconds() for _ in range(number)]


def test_a_minutes_worth_passes_at_once_and_what_comes_after_waits_its_turn():
    assert waits(Crowd(), 13) == [0] * 10 + [6, 8, 8]


def test_nobody_waits_longer_than_a_page_may_take_however_many_there_are():
    assert max(waits(Crowd(), 5000)) == LONGEST_WAIT.total_seconds()


def test_after_a_flood_ends_its_sender_soon_writes_freely():
    crowd = Crowd()
    waits(crowd, 5000)
    assert waits(crowd, 1, at=NOW + timedelta(seconds=15)) == [0]


def test_one_sender_does_not_hold_up_another():
    crowd = Crowd()
    waits(crowd, 100)
    assert waits(crowd, 10, "192.0.2.2") == [0] * 10


def test_where_no_sender_can_be_told_only_the_whole_counts():
    assert waits(Crowd(), 100, None) == [0] * 100
    assert waits(Crowd(), 11, None, everybody=TEN)[-1] == 6


@pytest.mark.parametrize("rate", [OFF, Rate(100_000)])
def test_without_a_limit_nobody_waits(rate: Rate):
    assert waits(Crowd(), 1000, one=rate) == [0] * 1000


def test_a_desk_that_gets_too_much_is_a_flood_and_others_are_not_held_up():
    crowd = Crowd()
    answers = [crowd.wait_for_desk("Syd", TEN, NOW).total_seconds() for _ in range(11)]
    assert answers[-1] == 6
    assert crowd.wait_for_desk("Nord", TEN, NOW) == timedelta(0)
    assert crowd.is_flooded(NOW)
    assert not crowd.is_flooded(NOW + FLOOD_LASTS)


def test_one_sender_alone_is_no_flood_but_is_counted():
    crowd = Crowd()
    waits(crowd, 12)
    assert not crowd.is_flooded(NOW)
    assert crowd.slowed == {Cause.SENDER: 2}


def test_everybody_together_is_a_flood():
    crowd = Crowd()
    waits(crowd, 12, everybody=TEN, one=OFF)
    assert crowd.is_flooded(NOW)


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fc00:dead:beef:4dad::1:2", "fc00:dead:beef:4dad::1:2"),
        ("fc00:dead:beef:4dae::1:2", "fc00:dead:beef:4dae::/64"),
        ("unix", "unix"),
    ],
)
def test_a_household_is_one_sender_and_so_is_a_circuit_of_tor(address: str, stands_for: str):
    assert group(address) == stands_for


def test_no_address_is_kept_and_with_the_key_all_is_forgotten():
    crowd = Crowd()
    waits(crowd, 3)
    before = dict(crowd._next)
    assert b"192.0.2.1" not in b"".join(before)
    assert "192.0.2.1" not in repr(vars(crowd))
    waits(crowd, 1, at=NOW + KEY_LIFE)
    assert not before.keys() & crowd._next.keys()
