"""The operator's listener: alive, ready, and counts; knows numbers only."""

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from intake.service import Service
from intake.store import counts, desks
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
        keys = await service.database.read(desks.current_keys, service.key)
    except StoreUnavailable:
        return web.Response(status=503, text="the database does not answer\n")
    if service.config.national_desk not in keys:
        return web.Response(status=503, text="the national desk has no member yet\n")
    return web.Response(text="ready\n")


async def _metrics(request: web.Request) -> web.Response:
    service = request.app[_SERVICE]
    registry = CollectorRegistry()
    gauge = Gauge("hamn_cases", "Cases by status.", ["status"], registry=registry)
    for status, number in (await service.database.read(counts.cases_by_status)).items():
        gauge.labels(status.value).set(number)
    waiting = Gauge("hamn_outbox_waiting", "Texts waiting to be sent.", registry=registry)
    waiting.set(await service.database.read(counts.waiting_texts))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
