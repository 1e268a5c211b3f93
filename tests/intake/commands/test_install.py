"""A folder is made ready, its keys for their owner's eyes alone, and nothing that lies there is overwritten."""

import stat
import tomllib
from pathlib import Path

import pytest

from intake.app import service_key_file
from intake.commands.install import Folder, initialise
from intake.config import ConfigError, example, load
from intake.vault.key_file import load_service_key


def made_ready(file: Path, *, recovery: bool = False, **urls: str | None) -> Folder:
    return initialise(file, **{"public_url": None, "inbox_url": None, **urls}, recovery=recovery)


def test_a_new_folder_can_be_loaded_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = made_ready(tmp_path / "house" / "hamn.toml")
    monkeypatch.chdir("/")
    config = load(folder.config)
    assert config.database.url == f"sqlite:///{tmp_path / 'house' / 'hamn.db'}"
    assert load_service_key(Path(config.service.key_file)).newest == 1


@pytest.mark.parametrize("recovery", [False, True])
def test_private_halves_are_their_owners_alone(tmp_path: Path, recovery: bool):
    folder = made_ready(tmp_path / "hamn.toml", recovery=recovery)
    private = [folder.service_key, folder.backup_private] + [folder.recovery_private] * recovery
    assert [stat.S_IMODE(file.stat().st_mode) & 0o077 for file in private] == [0] * len(private)
    assert folder.recovery_private.exists() == recovery
    assert (load(folder.config).service.recovery_key_file is not None) == recovery


def test_two_folders_have_different_keys(tmp_path: Path):
    one, other = (made_ready(tmp_path / name / "hamn.toml") for name in ("one", "other"))
    assert load_service_key(one.service_key) != load_service_key(other.service_key)


@pytest.mark.parametrize("there", ["hamn.toml", "service.key", "backup.pub", "backup.private"])
def test_nothing_is_overwritten(tmp_path: Path, there: str):
    (tmp_path / there).write_text("mine")
    with pytest.raises(ConfigError, match=there):
        made_ready(tmp_path / "hamn.toml")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(there, "mine")]


def test_addresses_that_are_given_are_written_and_the_rest_is_the_example(tmp_path: Path):
    folder = made_ready(tmp_path / "hamn.toml", public_url="https://a.example.org", inbox_url="https://b.example.org")
    config = load(folder.config)
    assert (config.web.public_url, config.inbox.url) == ("https://a.example.org", "https://b.example.org")
    written, shipped = tomllib.loads(folder.config.read_text(encoding="utf-8")), tomllib.loads(example())
    assert written["desks"] == shipped["desks"]
    assert written["regions"] == shipped["regions"]


@pytest.mark.parametrize("name", ["å ä ö", 'a "quoted" name', "back\\slash", "percent%20", "new\nline"], ids=ascii)
def test_a_folder_of_any_name_will_do(tmp_path: Path, name: str):
    folder = made_ready(tmp_path / name / "hamn.toml")
    assert Path(load(folder.config).service.key_file) == folder.service_key


def test_the_service_key_is_taken_from_systemds_credentials_where_it_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    config = load(made_ready(tmp_path / "house" / "hamn.toml").config)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert service_key_file(config) == tmp_path / "house" / "service.key"
    (tmp_path / "service.key").touch()
    assert service_key_file(config) == tmp_path / "service.key"
