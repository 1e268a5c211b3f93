"""The casefile beside the conversation: how things stand, and what the answer form offers ready; knows no form."""

from collections.abc import Mapping

from intake.casefile.reading import linked_cases, read_casefile
from intake.casework import OpenCase
from intake.inbox import casefilewords
from intake.inbox.case.readyanswers import ready_answers, ready_language
from intake.inbox.visit import WorkVisit
from intake.retention import is_ahead
from triage.calendar import STOCKHOLM


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """The file whole, the linked cases, the ready answers in the person's language and the reader's."""
    service, reader = visit.service, visit.work.reader
    file = await read_casefile(service, reader, found.case.id)
    labels = found.labels
    lang = ready_language(None if labels is None else labels.lang)
    return {
        "file": file,
        "filewords": casefilewords,
        "linked": await linked_cases(service, reader, file.links),
        "steps": service.config.casefile.steps,
        "partners": service.config.casefile.partners,
        "ahead": is_ahead(service.config, found.case.delete_at, visit.now),
        "ready": ready_answers(),
        "ready_first": lang,
        "today": visit.now.astimezone(STOCKHOLM).date(),
    }
