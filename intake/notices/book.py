"""Where each coordinator is told: opens and seals addresses, picks the bridge for a way; says and sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from bridges.contract import Address, Calling, Channel
from intake.model import MemberId, NoticeWay
from intake.service import Service
from intake.store import notices
from intake.store.notices import AddressRow
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey


@dataclass(frozen=True, slots=True)
class Reached:
    """A proven address, and the language to be told in."""

    member: MemberId
    way: NoticeWay
    chosen: bool
    value: str = field(repr=False)
    lang: str

    @property
    def address(self) -> Address:
        """As a bridge wants it."""
        return Address(Channel(self.way.value), self.value)


class _Kept(msgspec.Struct, frozen=True):
    value: str
    lang: str


def ways_of(conn: Connection, key: ServiceKey, members: Sequence[MemberId]) -> list[Reached]:
    """Every proven address of these members."""
    return [_opened(key, row) for row in notices.addresses_of(conn, members)]


def way_to(conn: Connection, key: ServiceKey, member: MemberId, way: NoticeWay | None) -> Reached | None:
    """Where a member is told by this way, or by the one that they chose; None where they cannot be."""
    stored = NoticeWay.SMS if way is NoticeWay.CALL else way
    found = ways_of(conn, key, [member])
    return next((one for one in found if (one.chosen if stored is None else one.way is stored)), None)


def sealed_address(key: ServiceKey, member: MemberId, way: NoticeWay, value: str, lang: str) -> bytes:
    """An address for the store, bound to whose it is."""
    return seal_under(key, Purpose.ADDRESS, msgspec.json.encode(_Kept(value, lang)), "notices", member, way)


def opened_address(key: ServiceKey, member: MemberId, way: NoticeWay, sealed: bytes) -> tuple[str, str]:
    """Address and language. Raises `Tampered`."""
    text = open_under(key, Purpose.ADDRESS, sealed, "notices", member, way)
    kept = msgspec.json.decode(text, type=_Kept)
    return kept.value, kept.lang


def bridge_for(service: Service, way: NoticeWay) -> str | None:
    """The bridge that goes this way: the configured one, else the first; None where there is none."""
    named = getattr(service.config.notices, way.value)
    if named is not None:
        return str(named)
    channel = NoticeWay.SMS if way is NoticeWay.CALL else way
    for name, bridge in service.bridges.items():
        rings = isinstance(bridge, Calling) and bridge.calls
        if bridge.channel.value == channel.value and (rings or way is not NoticeWay.CALL):
            return name
    return None


def _opened(key: ServiceKey, row: AddressRow) -> Reached:
    value, lang = opened_address(key, row.member, row.way, row.sealed)
    return Reached(row.member, row.way, row.chosen, value, lang)
