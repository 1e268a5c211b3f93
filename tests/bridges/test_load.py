"""From a table in the configuration to a bridge: every error names its key and shows no value."""

import ast
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import bridges
from bridges.contract import BadSetting
from bridges.load import build, load, secrets, types
from tests.bridges.phones import ELKS, GENERIC, PHONES, SINCH, VONAGE, Phone
from tests.bridges.runner import made, surroundings
from tests.parsing import tree_of

PAGES = Path(bridges.__file__).parents[1] / "docs" / "providers"


@pytest.mark.parametrize("name", ["", "sms", "os", "contract", "sms_../x", "sms_nobody", "telegram_texts", "..load"])
def test_only_a_bridge_of_this_package_can_be_named(name):
    with pytest.raises(BadSetting, match="type"):
        load(name)


@pytest.mark.parametrize("name", ["", "Ö", "a/b", "a b", "A", "x" * 41])
def test_a_bridges_name_fits_into_a_url(name):
    with pytest.raises(BadSetting, match="bridges"):
        build(ELKS.type, name, ELKS.table, surroundings())


@pytest.mark.parametrize("name", types())
def test_every_type_has_settings_and_a_way_to_be_built(name):
    module = load(name)
    assert module.Settings
    assert callable(module.build)
    assert secrets(name)


def test_secrets_are_named_so_that_the_configuration_can_read_them_from_files():
    assert secrets("sms_46elks") == {"password", "hook_password"}
    assert secrets("telegram") == {"token", "hook_secret"}


BAD = (
    (ELKS, {"colour": "blue"}, "colour"),
    (ELKS, {"allow_get": "yes"}, "allow_get"),
    (ELKS, {"password": ""}, "password_file"),
    (ELKS, {"password": 5}, "password"),
    (ELKS, {"api_url": "http://api.46elks.com"}, "api_url"),
    (ELKS, {"api_url": "https://user:pw@api.46elks.com"}, "api_url"),
    (ELKS, {"api_url": "ftp://x"}, "api_url"),
    (VONAGE, {"api": "fax"}, "api"),
    (VONAGE, {"media_hosts": "x"}, "media_hosts"),
    (SINCH, {"media_hosts": [1]}, "media_hosts"),
    (GENERIC, {"send_url": "http://gateway.example"}, "send_url"),
)


@pytest.mark.parametrize(
    ("phone", "change", "key"), BAD, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_a_wrong_key_is_named(phone: Phone, change: dict, key: str):
    with pytest.raises(BadSetting) as caught:
        made(phone, **change)
    assert caught.value.key == key
    assert not any(str(value) in str(caught.value) for value in change.values() if len(str(value)) > 4)


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
def test_a_missing_required_key_is_named(phone: Phone):
    with pytest.raises(BadSetting) as caught:
        build(phone.type, "phone", {}, surroundings())
    assert "required" in str(caught.value)


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
def test_settings_do_not_show_their_secrets(phone: Phone):
    module = load(phone.type)
    shown = repr(module.Settings(**phone.table))
    assert not any(phone.table[key] in shown for key in secrets(phone.type) if key in phone.table)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_every_setting_on_a_providers_page_exists(page: Path):
    example = re.search(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    if page.stem == "README":
        assert all(f"`{name}`" in page.read_text() for name in types())
        return
    [table] = tomllib.loads(example[1])["bridges"].values()
    settings, hidden = load(table.pop("type")).Settings, re.findall(r"(\w+)_file", example[1])
    known = {field.name for field in fields(settings)}
    assert {key.removesuffix("_file") for key in table} <= known
    assert set(hidden) <= {field.name for field in fields(settings) if field.metadata.get("secret")}


def test_bridges_import_nothing_of_ours_not_even_inside_a_function():
    files = Path(bridges.__file__).parent.glob("*.py")
    names = {name for file in files for node in ast.walk(tree_of(file)) for name in _imported(node)}
    assert not {name for name in names if name.split(".")[0] in ("intake", "triage", "tests", "benchmarks")}
    assert {name.split(".")[0] for name in names} >= {"aiohttp", "telegram", "phonenumbers"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or "."] if isinstance(node, ast.ImportFrom) else []
