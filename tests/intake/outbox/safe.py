"""What a person says about being written to, set straight in the address book."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bridges.contract import Address
from intake import addressbook
from intake.contact import parse_hours
from intake.service import Service
from tests.service import Clock


async def set_hours(service: Service, address: Address, hours: str, clock: Clock) -> None:
    """They may be written to at these hours."""
    await service.database.write(_set, service, address, hours, clock.now)


def _set(conn: Connection, service: Service, address: Address, hours: str, now: datetime) -> None:
    known = addressbook.find(conn, service.key, address)
    assert known is not None
    addressbook.keep(conn, service.key, replace(known, contact=replace(known.contact, hours=parse_hours(hours))), now)
