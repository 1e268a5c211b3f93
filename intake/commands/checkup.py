"""What is still wrong with an installation, in plain words, one sentence a problem; reads, and changes nothing."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from intake.app import database_url, recovery_recipient, service_key_file
from intake.config import Config, ConfigError
from intake.journal import last_in_file
from intake.listener import split_address
from intake.store.database import Database
from intake.store.engines import sqlite_path
from intake.store.failure import StoreUnavailable
from intake.store.migrate import current, head
from intake.store.staffing import Staffing, read_staffing
from intake.vault.errors import KeyFileRefused, VaultError
from intake.vault.key_file import load_service_key
from intake.vault.offline import read_public_key
from intake.vault.service_key import ServiceKey
from intake.web.support import load_support

_RESERVE = 1024**3
"""Bytes that should be free: a full disk takes no report."""
_BACK = timedelta(minutes=2)
"""So far the machine's clock may lie behind the newest case."""
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
_EXAMPLE = "hamn.example"
_LONGEST_KEPT = 5 * 366
"""Days: five years after the last note a personal file is to be deleted (socialtjänstlagen)."""


async def check(config: Config, now: datetime) -> list[str]:
    """Every problem, in the order to mend them; none when the service may be opened to the public."""
    return [
        *_addresses(config),
        *_listeners(config),
        *_files(config),
        *_disk(config),
        *await _database(config, now),
        *_desks(config),
        *_retention(config),
        *_directory(now.date()),
    ]


def _addresses(config: Config) -> Iterator[str]:
    for key, url in (("web.public_url", config.web.public_url), ("inbox.url", config.inbox.url)):
        host = urlsplit(url).hostname or ""
        if host == _EXAMPLE or host.endswith(f".{_EXAMPLE}"):
            yield f"{key}: still the example's address"
        elif not url.startswith("https://") and not host.endswith(".onion") and not _is_loopback(host):
            yield f"{key}: without TLS everybody on the way reads along"
    if not config.inbox.totp:
        yield "inbox.totp: one-time codes are off, a stolen passphrase is enough to read"


def _listeners(config: Config) -> Iterator[str]:
    for name, listen in (("web", config.web.listen), ("inbox", config.inbox.listen), ("ops", config.ops.listen)):
        host, _ = split_address(listen)
        if not _is_loopback(host):
            yield f"{name}.listen: open to the network without TLS; listen on 127.0.0.1, behind a proxy on this machine"
    if config.web.public_url.startswith("https://") and not config.web.trusted_proxies:
        yield "web.trusted_proxies: all senders look like the proxy, one flood slows down everybody"


def _files(config: Config) -> Iterator[str]:
    backup = config.backup
    steps: Sequence[tuple[str, Callable[[], object]]] = (
        ("service.key_file", lambda: load_service_key(service_key_file(config))),
        ("service.recovery_key_file", lambda: recovery_recipient(config)),
        ("database.password_file", lambda: database_url(config)),
        ("backup.public_key_file", lambda: backup.public_key_file and read_public_key(Path(backup.public_key_file))),
        ("backup.journal_file", lambda: backup.journal_file and last_in_file(Path(backup.journal_file))),
    )
    for key, step in steps:
        if problem := _problem(key, step):
            yield problem
    if backup.public_key_file is None:
        yield "backup.public_key_file: no key to seal to, so no backup can be made"
    if backup.journal_file is None:
        yield "backup.journal_file: without a journal a restored backup brings back what was erased since"
    for public in (backup.public_key_file, config.service.recovery_key_file):
        if public is not None and (private := Path(public).with_suffix(".private")).exists():
            yield f"{private.name}: lies on this machine; take it away, and delete it here"


def _problem(key: str, step: Callable[[], object]) -> str | None:
    try:
        step()
    except ConfigError as error:
        return str(error)
    except VaultError as error:
        return f"{key}: {error}"
    except OSError as error:
        return f"{key}: cannot be read ({error.strerror})"
    return None


def _disk(config: Config) -> Iterator[str]:
    path = sqlite_path(config.database.url)
    if path is not None and path.parent.exists() and shutil.disk_usage(path.parent).free < _RESERVE:
        yield "database.url: less than 1 GiB is free where the database lies; a full disk takes no report"


async def _database(config: Config, now: datetime) -> list[str]:
    if now < _BUILT:
        return ["the machine's clock is wrong: limits, codes and sessions need the right time"]
    file = sqlite_path(config.database.url)
    if file is not None and not await asyncio.to_thread(file.exists):
        return ["database.url: there is no such file yet; `hamn serve` makes it"]
    try:
        key = load_service_key(service_key_file(config))
        return await _opened_database(config, key, now)
    except StoreUnavailable as error:
        return [f"database.url: the database does not answer ({error.reason.value})"]
    except (ConfigError, KeyFileRefused, OSError):
        return []  # said above
    except VaultError as error:
        return [f"database.url: not what this service key wrote ({error})"]


async def _opened_database(config: Config, key: ServiceKey, now: datetime) -> list[str]:
    url = database_url(config)
    if await current(url) != head():
        return ["database.url: the tables are not this version's; `hamn serve` brings them up to it"]
    database = await Database.open(url, pool_size=1)
    try:
        staffing = await database.read(read_staffing, key)
    finally:
        await database.close()
    return list(_people(config, staffing, now))


def _people(config: Config, staffing: Staffing, now: datetime) -> Iterator[str]:
    if staffing.newest_case_at is not None and staffing.newest_case_at > now + _BACK:
        yield "the machine's clock lies behind the newest case: limits, codes and sessions need the right time"
    if not staffing.administrators:
        yield "nobody is an administrator: `hamn member invite LOGIN --role admin`"
    for name in config.desks:
        readers = staffing.readers.get(name, 0)
        if readers == 0 and name == config.national_desk:
            yield f"desks.{name}: has no member, so the public pages stay closed: invite one"
        elif readers == 0:
            yield f"desks.{name}: has no member; its deputies, lastly the national desk, receive its cases: invite one"
        elif readers == 1 and config.service.recovery_key_file is None:
            yield f"desks.{name}: one member alone holds its key, and there is no recovery key: invite another"
    file = config.backup.journal_file
    if file is not None and staffing.journal > _last_line(Path(file)):
        yield "backup.journal_file: lines are missing that the database has; can it be written?"


def _last_line(path: Path) -> int:
    try:
        return last_in_file(path)
    except (OSError, VaultError):
        return 0


def _desks(config: Config) -> Iterator[str]:
    for name, desk in sorted(config.desks.items()):
        if desk.region is not None and not desk.deputies and desk.out_of_hours is None:
            yield f"desks.{name}: nobody is on call and no deputy holds a spare key; acute cases wait for the morning"


def _retention(config: Config) -> Iterator[str]:
    kept = config.retention
    if config.operator.kind == "authority" and kept.decision is None:
        yield "retention.decision: without a disposal decision nothing of a desk's copies is ever deleted"
    if kept.answered_days is None:
        yield "retention.answered_days: not set, so an answered case that nobody closes is kept for ever"
    lengths = {"closed_days": kept.closed_days, "answered_days": kept.answered_days}
    lengths |= {f"kinds.{kind}": days for kind, days in kept.kinds.items()}
    for key, days in lengths.items():
        if days is not None and days > _LONGEST_KEPT:
            yield f"retention.{key}: {days} days; social services delete a file five years after its last note"


def _directory(today: date) -> Iterator[str]:
    if stale := load_support().stale(today):
        names = ", ".join(contact.id for contact in stale)
        yield f"support directory: nobody has verified these for a year, so pages do not show them: {names}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
