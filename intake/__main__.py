"""The command line: `hamn …`, or `python -m intake …`; reads arguments, says in plain words what went wrong."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from intake import audit, people
from intake.app import now, open_service, run
from intake.backup import JournalTooShort, OtherVersion, back_up, restore
from intake.commands.checkup import check
from intake.commands.install import initialise
from intake.commands.recovery import NobodyThere, NotTheRecoveryKey, recover
from intake.commands.rotation import rotate_service_key
from intake.commands.triage import report, run_triage
from intake.config import Config, ConfigError, load
from intake.demo.start import FOLDER, run_demo
from intake.listener import PortBusy
from intake.logs import configure_logs, log, log_uncaught
from intake.model import MemberId, Role
from intake.service import Service
from intake.store import corrections
from intake.store.alone import Occupied, alone
from intake.store.dump import NotEmpty
from intake.store.failure import StoreUnavailable
from intake.vault.errors import KeyFileRefused, VaultError
from intake.vault.offline import read_private_key, read_public_key
from triage.model import DeskName

T = TypeVar("T")
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status: 0 done, 1 refused or failed, 2 wrong arguments."""
    sys.excepthook = log_uncaught
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except (ConfigError, KeyFileRefused, PortBusy, Occupied, OtherVersion, JournalTooShort) as error:
        return _fail(str(error))
    except NotEmpty:
        return _fail("database.url: there are rows in the database; a backup is restored into an empty one only")
    except FileExistsError:
        return _fail("the file is there already; nothing was changed")
    except OSError as error:
        return _fail(f"a file cannot be read or written: {error.strerror}")
    except StoreUnavailable as error:
        return _fail(f"the database cannot be used: {error.reason.value}")
    except VaultError as error:
        return _fail(f"not what was written: {error}")


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, default=Path("hamn.toml"), metavar="FILE")
    parser = argparse.ArgumentParser(prog="hamn", description="A safe harbour for tips and calls for help.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="start the whole service on this machine, with made-up cases")
    demo.add_argument("--fresh", action="store_true", help="begin with an empty folder")
    demo.add_argument("--port", type=int, default=8080, help="public pages; inbox and operations take the next two")
    demo.add_argument("--no-limits", action="store_true", help="for load tests: nobody is slowed down")
    demo.set_defaults(command=_demo)

    init = commands.add_parser("init", parents=[shared], help="make a configuration, keys, a first invitation")
    init.add_argument("--admin", required=True, metavar="LOGIN", help="the first administrator's login")
    init.add_argument("--public-url", metavar="URL", help="the public pages' address")
    init.add_argument("--inbox-url", metavar="URL", help="the coordinators' pages' address")
    init.add_argument("--recovery", action="store_true", help="make a recovery key too, which reads every case")
    init.set_defaults(command=_init)

    commands.add_parser("check", parents=[shared], help="say in plain words what is wrong").set_defaults(command=_check)
    commands.add_parser("serve", parents=[shared], help="start the service").set_defaults(command=_serve)
    _add_member_commands(commands, shared)
    _add_backup_commands(commands, shared)

    rotate = commands.add_parser(
        "rotate-service-key", parents=[shared], help="seal what comes from now on under a new generation of the key"
    )
    rotate.set_defaults(command=_rotate)

    log_command = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="COMMAND")
    verify = log_command.add_parser("verify", parents=[shared], help="check every desk's chain")
    verify.set_defaults(command=_audit_verify)

    triage = commands.add_parser("triage", help="assess JSON lines from standard input, as the service would")
    triage.add_argument(
        "--config", type=Path, metavar="FILE", help="whose regions to answer in; else the packaged seven"
    )
    triage.set_defaults(command=run_triage, explain=None)
    more = triage.add_subparsers(metavar="COMMAND")
    explain = more.add_parser("explain", help="assess one text, for people")
    explain.add_argument("explain", metavar="TEXT")
    wrong = more.add_parser(
        "report", parents=[shared], help="where coordinators put triage right, by language and rule"
    )
    wrong.set_defaults(command=_triage_report)
    return parser


def _add_member_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser
) -> None:
    member = commands.add_parser("member", help="who may log in").add_subparsers(required=True, metavar="COMMAND")
    invite = member.add_parser("invite", parents=[shared], help="print a single-use code to join with")
    invite.add_argument("login")
    invite.add_argument("--desk", help="the desk's name in the configuration; none for an administrator")
    invite.add_argument("--role", choices=[role.value for role in Role], default=Role.COORDINATOR.value)
    invite.set_defaults(command=_invite)
    member.add_parser("list", parents=[shared], help="print everybody who is active").set_defaults(command=_list)
    deactivate = member.add_parser("deactivate", parents=[shared], help="show somebody out; their desks get new keys")
    deactivate.add_argument("member", help="the id that `member list` prints")
    deactivate.set_defaults(command=_deactivate)
    anew = member.add_parser("anew", parents=[shared], help="print a code for somebody who has lost their passphrase")
    anew.add_argument(
        "member", help="the id that `member list` prints; the account ends, a colleague lets them in again"
    )
    anew.set_defaults(command=_anew)


def _add_backup_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser
) -> None:
    backup = commands.add_parser("backup", parents=[shared], help="write all that must last to a new, sealed file")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", parents=[shared], help="fill an empty database from a backup")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--key", type=Path, required=True, metavar="PRIVATE", help="the private half that init made")
    restore.set_defaults(command=_restore)
    recover = commands.add_parser("recover", parents=[shared], help="let a desk's new members read what lost keys held")
    recover.add_argument("desk", help="the desk's name in the configuration; somebody must have joined it")
    recover.add_argument("--key", type=Path, required=True, metavar="PRIVATE", help="recovery.private, that init made")
    recover.set_defaults(command=_recover)


def _demo(options: argparse.Namespace) -> int:
    configure_logs()
    limits = not options.no_limits
    return _until_stopped(lambda stop: run_demo(FOLDER, options.port, fresh=options.fresh, limits=limits, stop=stop))


def _serve(options: argparse.Namespace) -> int:
    configure_logs()
    config = load(options.config)

    async def serve(stop: asyncio.Event) -> None:
        async with open_service(config) as service:
            await run(service, stop, lambda: log(__name__).info("serving"))

    return _until_stopped(serve)


def _init(options: argparse.Namespace) -> int:
    folder = initialise(
        options.config, public_url=options.public_url, inbox_url=options.inbox_url, recovery=options.recovery
    )
    config = load(options.config)
    code = _with_service(
        config, lambda service: people.invite(service, options.admin, Role.ADMIN, None, service.clock())
    )
    print(f"{folder.config}: read it through")
    print(f"{folder.service_key}: back it up, apart from the database; whoever loses it loses logins and mailboxes")
    print(f"{folder.backup_private}: take it away and delete it here; it opens backups")
    if options.recovery:
        print(f"{folder.recovery_private}: take it away and delete it here; it reads every case")
    print(f"Start with `hamn serve`, open {config.inbox.url}/join and join as {options.admin} with this code:\n{code}")
    return 0


def _check(options: argparse.Namespace) -> int:
    problems = asyncio.run(check(load(options.config), now()))
    for problem in problems:
        print(problem)
    print("nothing is wrong" if not problems else f"{len(problems)} to mend")
    return 1 if problems else 0


def _invite(options: argparse.Namespace) -> int:
    config = load(options.config)
    if options.desk is not None and options.desk not in config.desks:
        return _fail("--desk: no such desk in the configuration")
    desk = None if options.desk is None else DeskName(options.desk)
    role = Role(options.role)
    if (role is Role.ADMIN) != (desk is None):
        return _fail("an administrator has no desk, everybody else has one")
    if role is Role.NATIONAL and desk != config.national_desk:
        return _fail("only the national desk has national coordinators")
    code = _with_service(config, lambda service: people.invite(service, options.login, role, desk, service.clock()))
    print(f"{config.inbox.url}/join\n{code}")
    return 0


def _list(options: argparse.Namespace) -> int:
    for colleague in _with_service(load(options.config), lambda service: people.colleagues(service, None)):
        state = "reads" if colleague.let_in else "waits"
        desks = ",".join(sorted(colleague.desks)) or "-"
        print(f"{colleague.member.id}  {colleague.member.role.value:12} {desks:20} {state:6} {colleague.login}")
    return 0


def _deactivate(options: argparse.Namespace) -> int:
    member = MemberId(options.member)
    try:
        _with_service(load(options.config), lambda service: people.deactivate(service, member, service.clock()))
    except people.NoInvitation:
        return _fail("there is no active member with this id")
    print("done: their sessions have ended and their desks have new keys")
    return 0


def _anew(options: argparse.Namespace) -> int:
    config, member = load(options.config), MemberId(options.member)
    try:
        code = _with_service(config, lambda service: people.begin_anew(service, member, service.clock(), None, None))
    except people.NoInvitation:
        return _fail("there is no active member with this id")
    print(f"{config.inbox.url}/join\n{code}")
    return 0


def _audit_verify(options: argparse.Namespace) -> int:
    counts = _with_service(load(options.config), lambda service: service.database.read(audit.verify, service.key))
    for desk, lines in sorted(counts.items()):
        print(f"{desk:24} {lines:8} lines, whole")
    return 0


def _triage_report(options: argparse.Namespace) -> int:
    config = load(options.config)
    found = _with_service(config, lambda service: service.database.read(corrections.read_all, service.key))
    for line in report(found):
        print(line)
    return 0


def _backup(options: argparse.Namespace) -> int:
    config = load(options.config)
    if config.backup.public_key_file is None:
        return _fail("backup.public_key_file: no key to seal to")
    public_key = read_public_key(Path(config.backup.public_key_file))
    rows = _with_service(config, lambda service: back_up(service, public_key, options.file, service.clock()))
    print(f"{options.file}: {rows} rows, sealed; the service key is not in it")
    return 0


def _restore(options: argparse.Namespace) -> int:
    config = load(options.config)
    private = read_private_key(options.key)
    with alone(config.database.url):
        restored = _with_service(config, lambda service: restore(service, options.file, private, service.clock()))
    print(f"{restored.rows} rows as of {restored.manifest.made_at:%Y-%m-%d %H:%M} UTC are back")
    print(f"{restored.carried_out} lines of the journal were carried out again; texts that waited are held for review")
    return 0


def _recover(options: argparse.Namespace) -> int:
    config = load(options.config)
    if options.desk not in config.desks:
        return _fail("there is no such desk in the configuration")
    private, desk = read_private_key(options.key), DeskName(options.desk)
    try:
        done = _with_service(config, lambda service: recover(service, desk, private, service.clock()))
    except NotTheRecoveryKey:
        return _fail("service.recovery_key_file: there is none, or --key is not its private half")
    except NobodyThere:
        return _fail("nobody holds the desk's key: invite somebody, let them join, then try again")
    print(f"{done.cases} cases can be read again, {done.parts} sealed parts; each desk's log tells of it")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    config = load(options.config)
    generation = rotate_service_key(config)
    print(f"{config.service.key_file}: what is written from now on is sealed under generation {generation}")
    print("back the file up again, apart from the database, and copy it to every node before any of them starts")
    print("what lies there already still needs the older generations: they stay in the file")
    return 0


def _with_service(config: Config, work: Callable[[Service], Awaitable[T]]) -> T:
    async def working() -> T:
        async with open_service(config) as service:
            return await work(service)

    return asyncio.run(working())


def _until_stopped(serve: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    """Serve until SIGINT or SIGTERM, then let what is under way finish."""

    async def serving() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(stop)

    gc.freeze()
    asyncio.run(serving())
    return 0


def _fail(problem: str) -> int:
    print(f"hamn: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
