"""From nothing to a folder that can be served, and what is still wrong with one; knows no case."""

import re
from pathlib import Path

from intake.app import database_url, recovery_recipient
from intake.config import Config, ConfigError, example
from intake.vault.errors import KeyFileRefused
from intake.vault.key_file import load_service_key, save_service_key
from intake.vault.service_key import ServiceKey


def initialise(path: Path) -> None:
    """Write the example as the configuration at `path`, and a new service key beside it.

    Raises:
        ConfigError: one of the two is there already; nothing is overwritten.
    """
    folder = path.resolve().parent
    key_file = folder / "service.key"
    for file in (path, key_file):
        if file.exists():
            raise ConfigError("--config", f"{file.name} is there already; nothing was changed")
    folder.mkdir(parents=True, exist_ok=True)
    save_service_key(key_file, ServiceKey.generate())
    text = example().replace('key_file = "service.key"', f'key_file = "{key_file}"')
    path.write_text(re.sub(r"sqlite:///hamn\.db", f"sqlite:///{folder / 'hamn.db'}", text), encoding="utf-8")


def check(config: Config) -> list[str]:
    """What is wrong with a configuration that can be read, one sentence a problem, in the order to mend them."""
    problems = [
        *_unfinished_addresses(config),
        *_file_problems(config),
    ]
    for name, desk in sorted(config.desks.items()):
        if desk.region is not None and not desk.deputies and desk.out_of_hours is None:
            problems.append(
                f"desks.{name}: nobody is on call and no deputy holds a spare key; acute cases wait for the morning"
            )
    if config.operator.kind == "authority" and config.retention.decision is None:
        problems.append("retention.decision: without a disposal decision nothing of a desk's copies is ever deleted")
    return problems


def _unfinished_addresses(config: Config) -> list[str]:
    addresses = {"web.public_url": config.web.public_url, "inbox.url": config.inbox.url}
    return [f"{key}: still the example's address" for key, url in addresses.items() if url.endswith("hamn.example")]


def _file_problems(config: Config) -> list[str]:
    problems = []
    for step in (
        lambda: load_service_key(Path(config.service.key_file)),
        lambda: recovery_recipient(config),
        lambda: database_url(config),
    ):
        try:
            step()
        except (ConfigError, KeyFileRefused) as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"service.key_file: cannot be read ({error.strerror})")
    return problems
