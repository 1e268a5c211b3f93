"""Who may work here: invite, join, be let in, be shown out; an administrator does it and reads nothing."""

from intake.people.inviting import Invited, NoInvitation, invite, read_invitation, read_ticket
from intake.people.joining import LoginTaken, WeakPassphrase, WrongCode, join
from intake.people.leaving import begin_anew, deactivate, show_out
from intake.people.meeting import BegunByYou, Colleague, colleagues, let_colleague_in

__all__ = [
    "BegunByYou",
    "Colleague",
    "Invited",
    "LoginTaken",
    "NoInvitation",
    "WeakPassphrase",
    "WrongCode",
    "begin_anew",
    "colleagues",
    "deactivate",
    "invite",
    "join",
    "let_colleague_in",
    "read_invitation",
    "read_ticket",
    "show_out",
]
