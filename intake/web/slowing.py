"""Lets what is written wait its turn when too much comes; refuses nothing, keeps and logs no address."""

import asyncio
from ipaddress import ip_address, ip_network

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bridges.hooks import source_of
from intake.crowd import Rate
from intake.service import Service


def slowing(service: Service, hooks_under: str = "/hooks/") -> Middleware:
    """The layer that holds forms and calls up, before a byte of them is read; providers' hooks are left alone."""
    limits = service.config.limits
    one, everybody = Rate(limits.sender_a_minute), Rate(limits.everybody_a_minute)

    @web.middleware
    async def layer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == hdrs.METH_POST and not request.path.startswith(hooks_under):
            sender = sender_of(request, service.config.web.trusted_proxies)
            wait = service.crowd.wait(sender, one, everybody, service.clock())
            await asyncio.sleep(wait.total_seconds())
        return await handler(request)

    return layer


async def wait_for_desk(service: Service, desk: str) -> None:
    """Hold the answer up where a desk gets too much; the text itself is on disk already."""
    rate = Rate(service.config.limits.desk_a_minute)
    await asyncio.sleep(service.crowd.wait_for_desk(desk, rate, service.clock()).total_seconds())


def sender_of(request: web.Request, trusted: tuple[str, ...]) -> str | None:
    """The address that a request came from; None where all of them look alike, as behind a proxy nobody named."""
    if trusted:
        through = source_of(request.remote, request.headers.get("X-Forwarded-For", ""), trusted)
        return through or _afar(request.remote, trusted)
    return _afar(request.remote, ())


def _afar(peer: str | None, proxies: tuple[str, ...]) -> str | None:
    """The peer itself, unless it stands for many: this machine, or a proxy that does not say for whom it asks."""
    try:
        address = ip_address(peer or "")
    except ValueError:
        return None
    many = address.is_loopback or any(address in ip_network(proxy, strict=False) for proxy in proxies)
    return None if many else str(address)
