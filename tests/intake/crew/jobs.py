"""Jobs for hands: a process beside this one imports them by name, so they lie in a module that knows little."""

import os
import time

from intake.crew.shop import Shop
from intake.vault.errors import Tampered


def whose_process(_: Shop) -> int:
    return os.getpid()


def nap(_: Shop) -> int:
    time.sleep(0.02)
    return os.getpid()


def shop_name(shop: Shop, suffix: str, *, loud: bool = False) -> str:
    name = shop.config.service.name + suffix
    return name.upper() if loud else name


def refuse(_: Shop) -> None:
    raise Tampered("as it would here")
