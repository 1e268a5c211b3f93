"""Verbs for where triage was put right: sealed counts apart from every case; knows no case, no text, no member."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select, update

from intake.store.locks import hold
from intake.store.schema import corrections
from intake.vault.blind import blind_candidates
from intake.vault.framing import frame
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey


@dataclass(frozen=True, slots=True)
class Mended:
    """A label that was put right: in which month (``2026-11``) and language, what triage said by which rule.

    Of a place only how exact it was, never which.
    """

    month: str
    lang: str
    label: str
    rule: str
    said: str
    became: str


def count(conn: Connection, key: ServiceKey, mended: Mended) -> None:
    """One more of these."""
    hold(conn, "corrections")
    named = frame("hamn/v1/correction", *asdict(mended).values())
    newest, *older = blind_candidates(key, Purpose.STATISTICS, named)
    query = select(corrections).where(corrections.c.label_hash.in_([newest, *older]))
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        conn.execute(corrections.insert(), {"label_hash": newest, "sealed": _seal(key, mended, 1)})
        return
    _, number = _open(key, row["sealed"])
    again = update(corrections).where(corrections.c.label_hash == row["label_hash"])
    conn.execute(again.values(sealed=_seal(key, mended, number + 1)))


def read_all(conn: Connection, key: ServiceKey) -> dict[Mended, int]:
    """How often each was put right. Raises `Tampered` for what was not written here."""
    return dict(_open(key, sealed) for sealed in conn.execute(select(corrections.c.sealed)).scalars())


def _seal(key: ServiceKey, mended: Mended, number: int) -> bytes:
    return seal_under(key, Purpose.STATISTICS, json.dumps([number, asdict(mended)]).encode(), "correction")


def _open(key: ServiceKey, sealed: bytes) -> tuple[Mended, int]:
    number, mended = json.loads(open_under(key, Purpose.STATISTICS, sealed, "correction"))
    return Mended(**mended), int(number)
