"""What costs what while one report is received: each step by itself, in microseconds; row (p), a profile."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection

from benchmarks.rows import Row
from benchmarks.texts import ordinary_texts
from intake.app import open_service
from intake.config import load
from intake.filing import find_way
from intake.model import Card, Case, Channel, Context, Direction, Envelope, Recipient, RecipientKind, Status
from intake.receive import Once, Report, receive
from intake.sealing import desk_recipients, mailbox_recipient, new_mailbox
from intake.service import Service
from intake.store import cases, desks, envelopes, mailboxes
from intake.store.envelopes import Stored
from intake.store.mailboxes import Mailbox
from intake.vault.card import CARDS
from intake.vault.envelope import seal_envelope
from intake.vault.ids import new_case_id, new_message_id
from intake.vault.receipt import Source, derive_receipt
from intake.vault.suite import PrivateKey, seal
from tests.processes import make_house
from triage.assess import assess
from triage.nudges import due_at

_AT_ONCE = 10
Steps = Mapping[str, Callable[[], object]]


def measure(folder: Path, rounds: int) -> list[Row]:
    """Every step against one bare seal to one recipient, which nothing can make cheaper."""
    folder.mkdir()
    return asyncio.run(_measured(folder, rounds))


async def _measured(folder: Path, rounds: int) -> list[Row]:
    house = await make_house(folder)
    async with open_service(load(house.config_file)) as service:
        now = service.clock()
        best = await service.database.write(lambda conn: _best(_steps(conn, service, now), rounds))
        whole = min([await _whole(service, now) for _ in range(rounds)])
    unit = best["one seal"]
    rows = [Row("p", step, 1e6 * took, "µs", "one seal", 1e6 * unit) for step, took in best.items()]
    return [*rows, Row("p", "a report, all steps and its commit", 1e6 * whole, "µs", "one seal", 1e6 * unit)]


def _steps(conn: Connection, service: Service, now: datetime) -> Steps:
    """The steps of `receive`, in their order, each ready to be run again and again."""
    key, config, text = service.key, service.config, ordinary_texts(1)[0]
    assessment = assess(text, service.knowledge, lang="sv")
    keys = desks.keys_to_seal_to(conn, key)
    way = find_way(service, assessment, keys, now)
    readers = desk_recipients(service, keys, (way.desk, *way.deputies))
    context = Context(new_case_id(), new_message_id(), Direction.FROM_PERSON)
    about = Context(context.case, context.message, Direction.CARD)
    mailbox = new_mailbox(key, context.case, "1" * 28)
    card = Card(assessment)
    case = Case(context.case, way.desk, Status.NEW, assessment.pace, Channel.API, received_at=now, due_at=now)
    message = seal_envelope(context, text.encode(), [*readers, mailbox_recipient(mailbox)])
    sealed_card = CARDS.seal(about, card, readers)
    hours, limits = config.desks[way.desk].hours, config.limits_of(way.desk)
    other = Recipient(RecipientKind.DESK, "other", 1, PrivateKey.generate().public_bytes)
    return {
        "one seal": lambda: seal(other.public_key, bytes(32), bytes(128)),
        "assess the text": lambda: assess(text, service.knowledge, lang="sv"),
        "spend the token": lambda: mailboxes.spend(conn, secrets.token_bytes(32), now),
        "read the desks' keys": lambda: desks.keys_to_seal_to(conn, key),
        "route, and say until when": lambda: (
            find_way(service, assessment, keys, now),
            due_at(assessment.pace, hours, limits, service.calendar, now),
        ),
        "derive receipt and mailbox": lambda: new_mailbox(
            key, context.case, derive_receipt(key, Source.CHANCE, secrets.token_bytes(16), bytes(32))
        ),
        "seal the message": lambda: seal_envelope(context, text.encode(), [*readers, mailbox_recipient(mailbox)]),
        "seal the card": lambda: CARDS.seal(about, card, readers),
        "sign and insert the rows": lambda: _insert(conn, service, case, (message, sealed_card), mailbox),
    }


def _insert(conn: Connection, service: Service, case: Case, sealed: Sequence[Envelope], mailbox: Mailbox) -> None:
    """The rows of one report, under new names: what is in the envelopes makes no difference here."""
    key, message = service.key, new_message_id()
    named = replace(case, id=new_case_id())
    moved = [replace(one, context=Context(named.id, message, one.context.direction)) for one in sealed]
    cases.add(conn, key, named)
    envelopes.add(conn, key, *(Stored(one, 0, case.received_at) for one in moved))
    mailboxes.add(conn, key, replace(mailbox, lookup_id=secrets.token_bytes(32), case=named.id))


def _best(steps: Steps, rounds: int) -> dict[str, float]:
    """Seconds of each step in its best round, in turns: what disturbs a measurement only ever slows it."""
    best = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for step, work in steps.items():
            began = perf_counter()
            for _ in range(_AT_ONCE):
                work()
            best[step] = min(best[step], (perf_counter() - began) / _AT_ONCE)
    return best


async def _whole(service: Service, now: datetime) -> float:
    """Seconds of one report when 32 are under way and share their commits, without HTTP."""
    texts = ordinary_texts(32)
    began = perf_counter()
    await asyncio.gather(*(receive(service, Report(text, Channel.API), _once(service), now) for text in texts))
    return (perf_counter() - began) / len(texts)


def _once(service: Service) -> Once:
    return Once.by_key(service.key, secrets.token_hex(16).encode())
