"""The description of the API is true: whatever it allows is answered as it says, by requests made out of it."""

import asyncio
import json
import sys
from pathlib import Path

from tests.intake.web.conftest import Visitor, once

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
EXAMPLES = 25


async def _document(visitor: Visitor) -> dict:
    return await (await visitor.client.get("/api/v1/openapi.json")).json()


@once
async def test_every_call_and_every_answer_is_described(visitor: Visitor):
    document = await _document(visitor)
    assert document["openapi"] == "3.1.0"
    assert document["info"]["description"].startswith("Text only")
    answers = {path: set(call["post"]["responses"]) for path, call in document["paths"].items()}
    refusals = {"400", "413", "415", "422", "503"}
    assert answers == {
        "/api/v1/reports": {"201", "409"} | refusals,
        "/api/v1/mailbox": {"200", "404"} | refusals,
        "/api/v1/mailbox/messages": {"201", "404"} | refusals,
        "/api/v1/mailbox/erase": {"204", "404"} | refusals,
    }


@once
async def test_requests_made_from_the_description_are_answered_as_it_says(visitor: Visitor, tmp_path: Path):
    document = await _document(visitor)
    receipt = {"examples": [await visitor.send("A real one")]}
    for body in ("OpenMailbox", "NewMessage"):
        document["components"]["schemas"][body]["properties"]["receipt"] |= receipt
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(document))
    process = await asyncio.create_subprocess_exec(
        *(SCHEMATHESIS, "run", described, "--url", str(visitor.client.make_url("/")), "--checks", "all"),
        *("--max-examples", str(EXAMPLES), "--seed", "1", "--generation-database", "none"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
