"""The words for the values of the casefile and of the numbers, in English; the templates say them in the reader's."""

from collections.abc import Mapping

from intake.casefile.entries import Basis, ConcernState
from intake.inbox.words import _
from intake.model import Hold
from intake.statistics.cells import Age, Form, Gender, Outcome, Purpose, Sector

CONCERNS: Mapping[ConcernState, str] = {
    ConcernState.MADE: _("The report of concern is made"),
    ConcernState.KNOWN: _("Social services know of the child already"),
    ConcernState.CANNOT: _("Cannot be made: nobody knows who the child is"),
}
BASES: Mapping[Basis, str] = {
    Basis.CONSENT: _("The person has consented"),
    Basis.GROUND: _("No consent is needed, on this ground"),
}
HOLDS: Mapping[Hold, str] = {
    Hold.DISCLOSURE: _("Somebody has asked for the public record"),
    Hold.OTHER: _("Another reason"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NOT_SAID: _("Not said"),
    Outcome.SUPPORTED: _("The person got support"),
    Outcome.REFERRED: _("Others go on with it"),
    Outcome.PASSED_ON: _("The tip was passed on"),
    Outcome.NO_CONTACT: _("Contact was lost"),
    Outcome.NO_GROUNDS: _("Nothing to go on"),
    Outcome.DUPLICATE: _("About the same as another case"),
}
AGES: Mapping[Age, str] = {Age.ADULT: _("Adult, 18 or older"), Age.CHILD: _("Child")}
GENDERS: Mapping[Gender, str] = {
    Gender.WOMAN_GIRL: _("Woman or girl"),
    Gender.MAN_BOY: _("Man or boy"),
    Gender.OTHER: _("Other gender"),
    Gender.NOT_RECORDED: _("Not recorded"),
}
FORMS: Mapping[Form, str] = {
    Form.TRAFFICKING: _("Trafficking in human beings"),
    Form.EXPLOITATION: _("Human exploitation"),
}
PURPOSES: Mapping[Purpose, str] = {
    Purpose.SEXUAL: _("Sexual purpose"),
    Purpose.LABOUR: _("Forced labour"),
    Purpose.BEGGING: _("Begging"),
    Purpose.CRIMINALITY: _("Criminality"),
    Purpose.MARRIAGE: _("Marriage"),
    Purpose.ORGAN: _("Organ removal"),
    Purpose.WAR_SERVICE: _("War service"),
    Purpose.OTHER: _("Other, or not recorded"),
}
SECTORS: Mapping[Sector, str] = {
    Sector.GREEN: _("Green industries"),
    Sector.CONSTRUCTION: _("Construction"),
    Sector.HOTEL_RESTAURANT: _("Hotel and restaurant"),
    Sector.INDUSTRY: _("Industry"),
    Sector.CAR: _("Car wash or repair"),
    Sector.CLEANING: _("Cleaning"),
    Sector.OTHER: _("Other, or not recorded"),
}
FACTS: Mapping[str, str] = {
    "step": _("Step"),
    "concern": _("Report of concern"),
    "referral": _("Referral"),
    "answered": _("Answer to a referral"),
    "follow_up": _("Follow-up"),
    "link": _("Link"),
    "held": _("Hold"),
    "transferred": _("Transfer"),
    "closed": _("Closed"),
}
"""The sorts of entries, by their tags."""
