"""From a browser's own description to what a list of sessions shows; keeps none of it."""

from collections.abc import Sequence

from intake.vault.device import Browser, Device, System

# The order matters: Edge calls itself Chrome and Safari too, Chrome calls itself Safari, Android calls itself Linux.
_BROWSERS: Sequence[tuple[str, Browser]] = (
    ("Edg", Browser.EDGE),
    ("Firefox/", Browser.FIREFOX),
    ("FxiOS/", Browser.FIREFOX),
    ("Chrome/", Browser.CHROME),
    ("CriOS/", Browser.CHROME),
    ("Safari/", Browser.SAFARI),
)
_SYSTEMS: Sequence[tuple[str, System]] = (
    ("Android", System.ANDROID),
    ("iPhone", System.IOS),
    ("iPad", System.IOS),
    ("Windows", System.WINDOWS),
    ("Mac OS", System.MAC),
    ("Linux", System.LINUX),
)


def device_of(user_agent: str) -> Device:
    """The families of browser and system; whatever is not known is neither."""
    browser = next((family for sign, family in _BROWSERS if sign in user_agent), Browser.OTHER)
    return Device(browser, next((family for sign, family in _SYSTEMS if sign in user_agent), System.OTHER))
