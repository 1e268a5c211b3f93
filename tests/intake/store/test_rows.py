"""Between rows and values: every signed row is checked whole, times survive, True stays what it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.store.rows import SIGNED, check, moment, moment_or_none, seconds, sign
from intake.store.schema import desk_generations, metadata
from intake.vault.errors import Tampered, VaultError
from intake.vault.service_key import ServiceKey
from tests.intake.store.samples import KEY

ROW = {"desk": "syd", "generation": 1, "public_key": b"key", "current": True}


def test_every_table_with_a_mac_says_what_it_covers():
    assert {table for table in metadata.tables.values() if "mac" in table.c} == set(SIGNED)
    assert all(set(names) <= set(table.c.keys()) for table, names in SIGNED.items())


@pytest.mark.parametrize("table", SIGNED, ids=lambda table: table.name)
def test_a_mac_covers_the_whole_primary_key_and_every_pointer(table):
    pointers = {column.name for column in table.columns if column.primary_key or column.foreign_keys}
    assert pointers - {"assignee"} <= set(SIGNED[table])


def test_a_row_that_was_signed_passes_though_the_driver_says_1_for_true():
    signed = sign(KEY, desk_generations, ROW)
    assert check(KEY, desk_generations, {**signed, "current": 1})["desk"] == "syd"


@pytest.mark.parametrize("change", [{"desk": "vast"}, {"generation": 2}, {"public_key": b"mine"}, {"current": False}])
def test_a_row_that_was_changed_does_not(change: dict):
    with pytest.raises(Tampered):
        check(KEY, desk_generations, {**sign(KEY, desk_generations, ROW), **change})


def test_a_row_signed_with_another_service_key_does_not():
    signed = sign(ServiceKey({1: b"?" * 32}), desk_generations, ROW)
    with pytest.raises(Tampered):
        check(KEY, desk_generations, signed)


@pytest.mark.parametrize(
    "mac", [b"", b"junk", b"\x01\x01\x00\x00\x00\x09" + b"m" * 32], ids=["none", "junk", "strange"]
)
def test_a_row_with_a_broken_mac_does_not(mac: bytes):
    with pytest.raises(VaultError):
        check(KEY, desk_generations, {**ROW, "mac": mac})


def test_a_row_signed_before_the_service_key_rotated_still_passes():
    signed = sign(KEY, desk_generations, ROW)
    assert check(KEY.rotate(), desk_generations, signed) == signed


def test_a_time_comes_back_to_the_second_in_utc():
    at = datetime(2026, 7, 1, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert moment(seconds(at)) == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert moment_or_none(None) is None
    assert moment_or_none(0) == moment(0)
