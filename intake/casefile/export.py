"""One case whole, as it leaves the house: each time with a line in the log, written first; knows no page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casefile.reading import read_casefile
from intake.casefile.state import CaseFile
from intake.casework import OpenCase, open_case
from intake.model import CaseId, Direction, Message
from intake.reading import Reader, readable_case
from intake.service import Service


@dataclass(frozen=True, slots=True)
class Copy:
    """A case as it is handed out, with its casefile."""

    found: OpenCase = field(repr=False)
    file: CaseFile = field(repr=False)


async def take_copy(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> Copy:
    """Take a copy out of the house; the log says who did, before it is given. Raises `NotYours`."""
    await service.database.write(_note, service, reader, case_id, now)
    return Copy(await open_case(service, reader, case_id, now), await read_casefile(service, reader, case_id))


def to_json(copy: Copy) -> bytes:
    """The copy as JSON: what the case is, what was said in it, among colleagues too, and every entry of its file."""
    value = {
        "case": _case(copy),
        "messages": [_message(one) for one in copy.found.messages],
        "remarks": list(_remarks(copy)),
        "file": [msgspec.to_builtins(one) for one in copy.file.history],
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _case(copy: Copy) -> dict[str, Any]:
    case, labels = copy.found.case, copy.found.labels
    value = {
        "reference": case.id,
        "desk": case.desk,
        "status": case.status,
        "channel": case.channel,
        "received_at": case.received_at.isoformat(),
        "closed_at": None if case.closed_at is None else case.closed_at.isoformat(),
        "locked_messages": copy.found.locked,
    }
    if labels is not None:
        value |= {"kind": labels.kind, "type": labels.type, "urgency": labels.urgency, "minor": labels.minor}
        value |= {"county": labels.place.county, "municipality": labels.place.municipality, "lang": labels.lang}
    return value


def _message(one: Message) -> dict[str, Any]:
    speaker = "person" if one.direction is Direction.FROM_PERSON else "desk"
    return {"from": speaker, "at": one.sent_at.isoformat(), "text": one.text}


def _remarks(copy: Copy) -> Iterator[dict[str, Any]]:
    for one in copy.found.remarks:
        yield {"by": one.login, "at": one.at.isoformat(), "text": one.text, "about": one.about}


def _note(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    audit.record(conn, service.key, case.desk, Line(now, Act.EXPORTED, reader.member, case_id))
