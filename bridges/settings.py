"""A bridge's table in the configuration, read into its `Settings`; never shows a value, knows no file."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar, get_origin, get_type_hints
from urllib.parse import urlsplit

from bridges.contract import BadSetting

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    S = TypeVar("S", bound=DataclassInstance)
else:
    S = TypeVar("S")


def secret(default: str | None = "") -> Any:  # noqa: ANN401 (what dataclasses.field returns)
    """A setting that the configuration names by file (`KEY_file`) and passes loaded; `default=None` requires it."""
    marks = {"secret": True}
    return field(repr=False, metadata=marks) if default is None else field(default=default, repr=False, metadata=marks)


def secret_keys(settings: type["DataclassInstance"]) -> frozenset[str]:
    """The keys of a bridge's `Settings` for which the configuration must hold `KEY_file`, not `KEY`."""
    return frozenset(f.name for f in fields(settings) if f.metadata.get("secret"))


def read(settings: type[S], table: Mapping[str, Any]) -> S:
    """A validated `settings` from a TOML table (without `type`); raises `BadSetting` naming the first bad key."""
    known = {f.name: f for f in fields(settings)}
    for key in table:
        if key not in known:
            raise BadSetting(key, "no such key here")
    hints = get_type_hints(settings)
    return settings(**{key: _value(known[key], hints[key], table) for key in known if _is_given(known[key], table)})


def _is_given(known: Field[Any], table: Mapping[str, Any]) -> bool:
    if known.name in table:
        return True
    if known.default is MISSING and known.default_factory is MISSING:
        raise BadSetting(f"{known.name}_file" if known.metadata.get("secret") else known.name, "is required")
    return False


def _value(known: Field[Any], hint: Any, table: Mapping[str, Any]) -> Any:  # noqa: ANN401 (TOML values)
    value = table[known.name]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(known.name, hint, value)
    if get_origin(hint) is tuple:
        return _strings(known.name, value)
    wanted = (str, types.NoneType) if isinstance(hint, types.UnionType) else hint
    if not isinstance(value, wanted) or (hint is int and isinstance(value, bool)):
        raise BadSetting(known.name, f"must be {getattr(hint, '__name__', 'a string')}")
    if known.metadata.get("secret") and not value:
        raise BadSetting(f"{known.name}_file", "is empty")
    return value


def _choice(key: str, options: type[StrEnum], value: object) -> StrEnum:
    if value not in list(options):
        raise BadSetting(key, "must be one of " + ", ".join(options))
    return options(str(value))


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise BadSetting(key, "must be a list of strings")
    return tuple(value)


def is_loopback(host: str | None) -> bool:
    """Whether traffic to `host` stays on this machine, so that it needs no TLS."""
    if host is None:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def require_tls(key: str, url: str) -> None:
    """Refuse a base URL that would carry text or credentials in the clear beyond this machine."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise BadSetting(key, "must be https (http only on loopback)")
    if parts.query or parts.fragment or parts.username:
        raise BadSetting(key, "must be a plain base URL")


def require(key: str, condition: bool, why: str) -> None:
    """Refuse to start, naming `key`, unless `condition` holds."""
    if not condition:
        raise BadSetting(key, why)
