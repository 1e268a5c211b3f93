"""From a `type` in the configuration to the module that builds such a bridge; knows none of them by name."""

import pkgutil
import re
from importlib import import_module
from typing import Any

import bridges
from bridges.contract import BadSetting, Bridge, Build, Surroundings
from bridges.settings import secret_keys

_OTHERS = ("telegram", "smtp")
_NAME = re.compile(r"[a-z0-9_-]{1,40}")


def types() -> tuple[str, ...]:
    """Every `type` that the configuration may name: what lies in this package, sorted."""
    names = (module.name for module in pkgutil.iter_modules(bridges.__path__))
    return tuple(sorted(name for name in names if name.startswith("sms_") or name in _OTHERS))


def build(type_: str, name: str, table: dict[str, Any], surroundings: Surroundings) -> Bridge:
    """The bridge `name` from its table (without `type`, secrets loaded). Raises `BadSetting` naming the key."""
    if not _NAME.fullmatch(name):
        raise BadSetting("bridges", "a name is 1 to 40 of a-z 0-9 _ -, since it becomes part of a URL")
    make: Build = load(type_).build
    return make(name, table, surroundings)


def secrets(type_: str) -> frozenset[str]:
    """The keys that the configuration gives as `KEY_file`: read the file, strip it, pass it on as `KEY`."""
    return secret_keys(load(type_).Settings)


def load(type_: str) -> Any:  # noqa: ANN401 (a module)
    """The module of a `type`; nothing outside this package can be named. Raises `BadSetting`."""
    if type_ not in types():
        raise BadSetting("type", "must be one of " + ", ".join(types()))
    return import_module(f"bridges.{type_}")
