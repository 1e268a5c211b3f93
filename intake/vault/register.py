"""What a register says of a case beyond days and desk, sealed under a subkey of its own; knows no row and no page."""

import json
from dataclasses import dataclass, field

from intake.model import CaseId, Channel
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from triage.model import Kind


@dataclass(frozen=True, slots=True)
class Particulars:
    """How a case came and what sort it is; `transferred` is where the matter went on, in the authority's own diary."""

    channel: Channel
    kind: Kind
    transferred: str | None = field(default=None, repr=False)


def seal_particulars(key: ServiceKey, case_id: CaseId, particulars: Particulars) -> bytes:
    """Seal them for one case. The service can open it: registrars hold no desk's key."""
    value = [particulars.channel, particulars.kind, particulars.transferred]
    return seal_under(key, Purpose.REGISTER, json.dumps(value).encode(), case_id)


def open_particulars(key: ServiceKey, case_id: CaseId, sealed: bytes) -> Particulars:
    """Return them. Raises `Tampered`, also for another case's."""
    channel, kind, transferred = json.loads(open_under(key, Purpose.REGISTER, sealed, case_id))
    return Particulars(Channel(channel), Kind(kind), transferred)
