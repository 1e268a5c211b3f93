"""From nothing to a folder that can be served: configuration and keys; knows no case and no row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.config import ConfigError, example
from intake.vault.key_file import save_service_key
from intake.vault.offline import make_key_pair
from intake.vault.service_key import ServiceKey

_FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies where. The private halves are made here and taken away."""

    config: Path

    @property
    def service_key(self) -> Path:
        """What opens logins and mailboxes, together with what people know."""
        return self._beside("service.key")

    @property
    def backup_public(self) -> Path:
        """What backups are sealed to."""
        return self._beside("backup.pub")

    @property
    def backup_private(self) -> Path:
        """What opens backups."""
        return self._beside("backup.private")

    @property
    def recovery_public(self) -> Path:
        """What everything is sealed to, besides its desk."""
        return self._beside("recovery.pub")

    @property
    def recovery_private(self) -> Path:
        """What reads every case."""
        return self._beside("recovery.private")

    def _beside(self, name: str) -> Path:
        return self.config.resolve().parent / name


def initialise(config: Path, *, public_url: str | None, inbox_url: str | None, recovery: bool) -> Folder:
    """Write the example as the configuration at `config`, and new keys beside it.

    With `recovery` one more pair is made, to which everything is sealed too: a desk's last resort. Addresses that are
    not given stay the example's; `hamn check` says so.

    Raises:
        ConfigError: one of the files is there already; nothing is overwritten.
    """
    folder = Folder(config)
    pairs = [(folder.backup_private, folder.backup_public)]
    pairs += [(folder.recovery_private, folder.recovery_public)] if recovery else []
    for file in (config, folder.service_key, *(half for pair in pairs for half in pair)):
        if file.exists():
            raise ConfigError("--config", f"{file.name} is there already; nothing was changed")
    config.resolve().parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    save_service_key(folder.service_key, ServiceKey.generate())
    for private, public in pairs:
        make_key_pair(private, public)
    config.write_text(_filled_in(folder, public_url, inbox_url, recovery=recovery), encoding="utf-8")
    return folder


def _filled_in(folder: Folder, public_url: str | None, inbox_url: str | None, *, recovery: bool) -> str:
    """The example with absolute paths, so that it does not matter where a command is run."""
    here = folder.config.resolve().parent
    values: dict[str, str] = {
        'key_file = "service.key"': _line("key_file", str(folder.service_key)),
        'url = "sqlite:///hamn.db"': _line("url", f"sqlite:///{here / 'hamn.db'}"),
        'public_key_file = "backup.pub"': _line("public_key_file", str(folder.backup_public)),
        'journal_file = "journal"': _line("journal_file", str(here / "journal")),
        '# trusted_proxies = ["127.0.0.1"]': 'trusted_proxies = ["127.0.0.1"]',
    }
    if recovery:
        values['# recovery_key_file = "recovery.pub"'] = _line("recovery_key_file", str(folder.recovery_public))
    if public_url is not None:
        values['public_url = "https://hamn.example"'] = _line("public_url", public_url)
    if inbox_url is not None:
        values['url = "https://inbox.hamn.example"'] = _line("url", inbox_url)
    return _replaced(example(), values)


def _line(key: str, value: str) -> str:
    # A TOML string is written as a JSON string is.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _replaced(text: str, values: Mapping[str, str]) -> str:
    for old, new in values.items():
        if text.count(f"\n{old}") != 1:
            raise ValueError(f"the example configuration has not one line {old}")
        text = text.replace(f"\n{old}", f"\n{new}")
    return text
