"""From which kind of device somebody is logged in, as roughly as their own list of sessions needs; knows no header."""

from dataclasses import dataclass
from enum import StrEnum

from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey

_WIDTH = 24


class Browser(StrEnum):
    """A family of browsers."""

    CHROME = "Chrome"
    EDGE = "Edge"
    FIREFOX = "Firefox"
    SAFARI = "Safari"
    OTHER = "?"


class System(StrEnum):
    """A family of devices."""

    ANDROID = "Android"
    IOS = "iOS"
    LINUX = "Linux"
    MAC = "Mac"
    WINDOWS = "Windows"
    OTHER = "?"


@dataclass(frozen=True, slots=True)
class Device:
    """So rough that thousands are alike."""

    browser: Browser = Browser.OTHER
    system: System = System.OTHER


NO_DEVICE = Device()


def seal_device(key: ServiceKey, id_hash: bytes, device: Device) -> bytes:
    """Seal it for one session; every device gives as many bytes."""
    text = f"{device.browser}/{device.system}".ljust(_WIDTH)
    return seal_under(key, Purpose.SESSION, text.encode(), "device", id_hash)


def open_device(key: ServiceKey, id_hash: bytes, sealed: bytes) -> Device:
    """Return what was sealed. Raises `Tampered`."""
    browser, _, system = open_under(key, Purpose.SESSION, sealed, "device", id_hash).decode().strip().partition("/")
    return Device(Browser(browser), System(system))
