"""What a coordinator does with cases, a file a matter; sees through a `Reader`'s keys, knows no page."""

from intake.casework.acts import Unread, assign_to_me
from intake.casework.copying import note_copied
from intake.casework.correcting import ReadOn, correct_case
from intake.casework.handing import NoSuchDesk, move_case, take_back
from intake.casework.labels import Put
from intake.casework.listing import Listed, Page, list_cases
from intake.casework.looking import OpenCase, Reach, open_case
from intake.casework.remarks import add_remark
from intake.casework.sharing import SealedToOthers
from intake.casework.waiting import CaseClosed, end_waiting, let_case_wait

__all__ = [
    "CaseClosed",
    "Listed",
    "NoSuchDesk",
    "OpenCase",
    "Page",
    "Put",
    "Reach",
    "ReadOn",
    "SealedToOthers",
    "Unread",
    "add_remark",
    "assign_to_me",
    "correct_case",
    "end_waiting",
    "let_case_wait",
    "list_cases",
    "move_case",
    "note_copied",
    "open_case",
    "take_back",
]
