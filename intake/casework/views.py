"""The lists that a member saved under a name: which labels they ask for, never which cases those are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from intake.model import MemberId
from intake.service import Service
from intake.store import views
from intake.vault.ids import new_id
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose

MOST_VIEWS = 20
"""So many a member may keep."""


class TooManyViews(Exception):
    """The member keeps as many as they may."""


@dataclass(frozen=True, slots=True)
class View:
    """A saved list: its name, and the query that a page of the list is asked with."""

    id: str
    name: str = field(repr=False)
    query: str = field(repr=False)


async def list_views(service: Service, member: MemberId) -> Sequence[View]:
    """A member's own views, by name."""
    found = await service.database.read(views.of_member, member)
    return sorted((_open(service, member, *one) for one in found), key=lambda view: view.name.casefold())


async def save_view(service: Service, member: MemberId, name: str, query: str) -> None:
    """Keep a list under a name, sealed under the service key. Raises `TooManyViews`."""
    view_id = new_id()
    value = json.dumps({"name": name, "query": query}).encode()
    sealed = seal_under(service.key, Purpose.FILTER, value, member, view_id)
    await service.database.write(_save, member, view_id, sealed)


async def forget_view(service: Service, member: MemberId, view_id: str) -> None:
    """Delete a view of the member's own; another's, or none, is left alone."""
    await service.database.write(views.forget, member, view_id)


def _save(conn: Connection, member: MemberId, view_id: str, sealed: bytes) -> None:
    if len(views.of_member(conn, member)) >= MOST_VIEWS:
        raise TooManyViews
    views.add(conn, member, view_id, sealed)


def _open(service: Service, member: MemberId, view_id: str, sealed: bytes) -> View:
    value = json.loads(open_under(service.key, Purpose.FILTER, sealed, member, view_id))
    return View(view_id, value["name"], value["query"])
