"""The operator's listener: alive, ready, and counts; knows numbers only."""

from datetime import datetime
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection

from intake.crowd import Cause
from intake.journal import last_in_file
from intake.service import Service
from intake.store import counts, desks, journal
from intake.store.failure import StoreUnavailable

_SERVICE = web.AppKey("service", Service)


def ops_app(service: Service) -> web.Application:
    """`/healthz`, `/readyz` and `/metrics`; to be bound to loopback or an inner network only."""
    app = web.Application()
    app[_SERVICE] = service
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready)
    app.router.add_get("/metrics", _metrics)
    return app


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="alive\n")


async def _ready(request: web.Request) -> web.Response:
    """200 when a report would be taken now: the store answers and the national desk has a key."""
    service = request.app[_SERVICE]
    try:
        await service.database.ping()
        keys = await service.database.read(desks.current_keys, service.key)
    except StoreUnavailable:
        return web.Response(status=503, text="the database does not answer\n")
    if service.config.national_desk not in keys:
        return web.Response(status=503, text="the national desk has no member yet\n")
    tampered = service.signs.tampered
    return web.Response(text=f"ready\n{tampered} rows are not what was written\n" if tampered else "ready\n")


async def _metrics(request: web.Request) -> web.Response:
    service = request.app[_SERVICE]
    registry = CollectorRegistry()
    _measure_process(service, registry, service.clock())
    try:
        await service.database.read(_measure, service, registry, service.clock())
    except StoreUnavailable:
        return web.Response(status=503, text="the database does not answer\n")
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _measure(conn: Connection, service: Service, registry: CollectorRegistry, now: datetime) -> None:
    """Put every number into the registry, all of one moment."""
    cases = Gauge("hamn_cases", "Cases by status and pace.", ["status", "pace"], registry=registry)
    for (status, pace), number in counts.cases_by_status(conn).items():
        cases.labels(status.value, pace.value).set(number)
    late = counts.overdue(conn, now)
    overdue = Gauge("hamn_cases_overdue", "Cases that nobody has opened in time.", ["pace"], registry=registry)
    for pace, number in late.by_pace.items():
        overdue.labels(pace.value).set(number)
    oldest = Gauge("hamn_oldest_overdue_seconds", "How long the first of them is overdue.", registry=registry)
    oldest.set(0 if late.oldest_due_at is None else (now - late.oldest_due_at).total_seconds())
    texts = Gauge("hamn_texts", "Texts to persons by state.", ["state"], registry=registry)
    for state, number in counts.texts_by_state(conn).items():
        texts.labels(state.value).set(number)
    unknown = Gauge("hamn_texts_unknown", "Texts that wait for the version which promised them.", registry=registry)
    unknown.set(counts.texts_of_no_known_kind(conn))
    without = Gauge("hamn_desks_without_member", "Desks that nobody can read for.", registry=registry)
    without.set(len(service.config.desks.keys() - desks.current_keys(conn, service.key).keys()))
    behind = Gauge("hamn_journal_behind", "Lines that are not in the journal's file yet.", registry=registry)
    behind.set(_lines_behind(conn, service))


def _measure_process(service: Service, registry: CollectorRegistry, now: datetime) -> None:
    """What this process has slowed down or met, and whether it turns; known without the database."""
    flood = Gauge("hamn_flood", "1 while so many write that they wait.", registry=registry)
    flood.set(service.crowd.is_flooded(now))
    slowed = Gauge("hamn_slowed", "Writings that had to wait since the start, by cause.", ["cause"], registry=registry)
    for cause in Cause:
        slowed.labels(cause.value).set(service.crowd.slowed[cause])
    rows = Gauge("hamn_tampered_rows", "Rows met since the start that are not what was written.", registry=registry)
    rows.set(service.signs.tampered)
    loops = Gauge("hamn_loops_silent", "Loops for texts or messages that do not turn any more.", registry=registry)
    loops.set(len(service.signs.silent(now)))
    files = Gauge("hamn_files_coming_in", "Files coming in at this moment.", registry=registry)
    files.set(service.under_way.files)


def _lines_behind(conn: Connection, service: Service) -> int:
    name = service.config.backup.journal_file
    return 0 if name is None else journal.last_number(conn) - last_in_file(Path(name))
