"""A value that goes to a helping process with job after job: packed once here, unpacked once there."""

import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Packed(Generic[T]):
    """The value and its bytes. Only for what is public or lives as long as the process: the other side keeps it."""

    value: T
    packed: bytes = field(repr=False)

    @classmethod
    def of(cls, value: T) -> "Packed[T]":
        """Pack a value that nobody changes any more."""
        return cls(value, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (self.packed,)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> "Packed[Any]":
    return Packed(pickle.loads(packed), packed)  # noqa: S301 (from the process that started this one)
