"""What a coordinator does with cases, a file a matter; sees through a `Reader`'s keys, knows no page."""

from intake.casework.acts import Unread, assign_to_me, close_case
from intake.casework.handing import NoSuchDesk, SealedToOthers, move_case, take_back
from intake.casework.listing import Listed, Page, list_cases
from intake.casework.looking import OpenCase, Reach, open_case
from intake.casework.remarks import add_remark

__all__ = [
    "Listed",
    "NoSuchDesk",
    "OpenCase",
    "Page",
    "Reach",
    "SealedToOthers",
    "Unread",
    "add_remark",
    "assign_to_me",
    "close_case",
    "list_cases",
    "move_case",
    "open_case",
    "take_back",
]
