"""Carries due texts to their bridges: claims by lease, sends once, settles or waits; knows no provider and no rule."""

import asyncio
import random
from datetime import timedelta
from enum import StrEnum

from bridges.contract import Alarm, Bridge, Calling, Erasing, Reason, Sent, Undelivered
from intake.logs import log
from intake.model import Outgoing, OutgoingKind, OutgoingState
from intake.outbox.ready import Barred, Later, Ready, admitting, prepare
from intake.outbox.settle import give_up, settle
from intake.reaching import checkin
from intake.service import Service
from intake.store import contacts, outbox
from intake.store.failure import StoreUnavailable
from intake.vault.errors import VaultError

_LOG = log(__name__)

LEASE = timedelta(minutes=2)
"""More than a bridge ever waits for one text: a node that holds one so long is dead."""
AT_ONCE = 20
"""So many texts of a bridge are under way together."""
A_SECOND = 25
"""So many texts a second a bridge is given at the most: Telegram takes about 30 in all."""
MOST_TRIES = 12
"""A text that cannot even be made ready is given up after so many, two hours at least: it holds up those behind it."""
_LONGEST_WAIT = timedelta(minutes=30)
_FIRST_WAIT = timedelta(seconds=5)
_BRIDGE_DOWN = (Reason.UNREACHABLE, Reason.UNAVAILABLE, Reason.ACCOUNT)
"""Then the next text would fare no better: the bridge rests, the others go on."""


class Fate(StrEnum):
    """What became of one text."""

    SENT = "sent"
    AGAIN = "again"
    LOST = "lost"
    HELD = "held"
    DOWN = "down"
    TAKEN = "taken"


async def drain(service: Service, bridge: Bridge, node: str, most: int = AT_ONCE) -> bool:
    """Send what is due by this bridge, until nothing is. False when the bridge is down: try again later, with one."""
    service.signs.turn(carrying(bridge), service.clock())
    while claimed := await service.database.write(outbox.claim_due, bridge.name, node, service.clock(), LEASE, most):
        service.signs.turn(carrying(bridge), service.clock())
        started = asyncio.get_running_loop().time()
        fates = await asyncio.gather(*(_carry(service, bridge, node, outgoing) for outgoing in claimed))
        _LOG.info("texts carried", bridge=bridge.name, **{fate.value: fates.count(fate) for fate in set(fates)})
        if Fate.DOWN in fates:
            return False
        spent = asyncio.get_running_loop().time() - started
        await asyncio.sleep(max(0.0, len(claimed) / A_SECOND - spent))
    return True


def carrying(bridge: Bridge) -> str:
    """The loop that carries a bridge's texts, as its signs of life name it."""
    return f"carrying {bridge.name}"


def wait_before(attempts: int, error: Undelivered, chance: float) -> timedelta:
    """How long to wait for the next attempt: longer each time, at least as long as the provider says, never in step.

    `chance` is between 0 and 1. What is throttled is told how long, and waits hardly longer.
    """
    asked = error.retry or timedelta(0)
    if error.reason is Reason.THROTTLED:
        return asked * (1 + chance / 10)
    grown = min(_FIRST_WAIT * (1 << min(attempts - 1, 10)), _LONGEST_WAIT)
    return max(asked, grown) * (1 + chance / 4)


async def _carry(service: Service, bridge: Bridge, node: str, outgoing: Outgoing) -> Fate:
    """One text, from its row to its end."""
    try:
        found = await service.database.read(prepare, service, outgoing, service.clock())
        if isinstance(found, Barred):
            return await _bar(service, node, outgoing, found)
        if isinstance(found, Later):
            await service.database.write(outbox.put_back, outgoing.id, node, found.at)
            return Fate.AGAIN
        return await _hand_over(service, bridge, node, outgoing, found)
    except StoreUnavailable:
        return Fate.DOWN
    except VaultError as error:
        return await _keep_back(service, node, outgoing, error)
    except Exception as error:  # noqa: BLE001 (whatever is wrong with one text must not stop the others)
        _LOG.error("a text could not be carried", bridge=bridge.name, exception=type(error).__name__)
        return await _put_off(service, node, outgoing)


async def _put_off(service: Service, node: str, outgoing: Outgoing) -> Fate:
    """Nobody knows what is wrong with it: it is tried again later, and in the end nobody waits for it any more."""
    again = Undelivered(Reason.UNCERTAIN, _FIRST_WAIT)
    never = Undelivered(Reason.UNSUITABLE, None)
    try:
        return await _failed(service, node, outgoing, again if outgoing.attempts < MOST_TRIES else never)
    except StoreUnavailable:
        return Fate.DOWN


async def _keep_back(service: Service, node: str, outgoing: Outgoing, error: VaultError) -> Fate:
    """A row is not what was written, or a key is missing: that text waits for somebody, and the others go on."""
    _LOG.error("a text cannot be opened", bridge=outgoing.bridge, exception=type(error).__name__)
    try:
        await service.database.write(outbox.hold, outgoing.id, node, Reason.UNSUITABLE.value)
    except StoreUnavailable:
        return Fate.DOWN
    return Fate.HELD


async def _bar(service: Service, node: str, outgoing: Outgoing, barred: Barred) -> Fate:
    """An answer is kept for the coordinator; what only answered a message of theirs has lost its moment."""
    if outgoing.kind is OutgoingKind.CHECK_IN:
        await service.database.write(checkin.bar, service, node, outgoing, barred.why, service.clock())
    elif outgoing.kind.unasked:
        await service.database.write(outbox.hold, outgoing.id, node, barred.why)
    else:
        await service.database.write(outbox.settle, outgoing.id, node, OutgoingState.CANCELLED, barred.why)
    return Fate.HELD


async def _hand_over(service: Service, bridge: Bridge, node: str, outgoing: Outgoing, ready: Ready | Alarm) -> Fate:
    """To the bridge, once; what comes back of it is written down."""
    try:
        sent = await (_ring(bridge, ready) if isinstance(ready, Alarm) else _send(service, bridge, outgoing, ready))
    except Undelivered as error:
        return await _failed(service, node, outgoing, error)
    except Exception as error:  # noqa: BLE001 (a bridge that breaks its promise must not stop the texts of the others)
        _LOG.error("a bridge broke", bridge=bridge.name, exception=type(error).__name__)
        return await _failed(service, node, outgoing, Undelivered(Reason.UNCERTAIN, _FIRST_WAIT))
    return await _write_down(service, bridge, node, outgoing, sent)


async def _write_down(service: Service, bridge: Bridge, node: str, outgoing: Outgoing, sent: Sent) -> Fate:
    """It is sent, and must not go again, even if what else there is to write of it cannot be written."""
    write = service.database.write
    try:
        settled = await write(settle, service, bridge, node, outgoing, sent.ids)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 (the row alone is closed: sent again, the text would come twice)
        _LOG.error("a text was sent and not followed up", bridge=bridge.name, exception=type(error).__name__)
        settled = await write(outbox.settle, outgoing.id, node, OutgoingState.SENT)
    return Fate.SENT if settled else Fate.TAKEN


async def _send(service: Service, bridge: Bridge, outgoing: Outgoing, ready: Ready) -> Sent:
    kept = await _take_back(service, bridge, outgoing, ready)
    return await bridge.send(ready.outbound if kept == 0 else admitting(service, ready, kept))


async def _ring(bridge: Bridge, alarm: Alarm) -> Sent:
    if not isinstance(bridge, Calling):
        raise Undelivered(Reason.UNSUITABLE, None)
    return await bridge.call(alarm)


async def _failed(service: Service, node: str, outgoing: Outgoing, error: Undelivered) -> Fate:
    """Again after a while, or the end of it; what did get through of a long text is not sent twice."""
    now, reason = service.clock(), error.reason.value
    if error.retry is None:
        await service.database.write(give_up, service, node, outgoing, error.reason, now)
        return Fate.LOST
    chance = random.SystemRandom().random()
    at, pieces = now + wait_before(outgoing.attempts, error, chance), len(error.done)
    if outgoing.kind is OutgoingKind.ERASURE:
        pieces = 0
    await service.database.write(outbox.put_back, outgoing.id, node, at, reason, pieces)
    return Fate.DOWN if error.reason in _BRIDGE_DOWN else Fate.AGAIN


async def _take_back(service: Service, bridge: Bridge, outgoing: Outgoing, ready: Ready) -> int:
    """Delete the chat's messages; returns how many had to stay. Raises `Undelivered`."""
    if outgoing.kind is not OutgoingKind.ERASURE or not isinstance(bridge, Erasing):
        return 0
    names = {handle: id_ for id_, handle in ready.handles}
    try:
        kept = await bridge.erase(ready.outbound.address, list(names))
    except Undelivered as error:
        await service.database.write(contacts.drop_handles, [names[handle] for handle in error.done])
        raise
    return len(kept)
