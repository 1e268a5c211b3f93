"""The parser as a process: shut in on every side, silent, and its answer is never believed further than its kind."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from intake.parser.run import LARGEST_CONTENT, clean
from intake.parser.verdict import Media, Refusal, Refused, read_verdict, refusal_line, verdict_line
from tests.intake.parser.samples import PICTURES, pdf, pdf_bomb

ROOT = Path(__file__).parents[3]
BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); sys.stdin.buffer.peek; "
SHUT_IN = BEGIN + "from intake.parser.confine import confine; stands = confine()\n"

ATTEMPTS = {
    "read a file": "open('/etc/passwd')",
    "write a file": "open('/tmp/kanarie', 'w')",
    "list a folder": "import os; os.listdir('/')",
    "open a socket": "import socket; socket.socket()",
    "start a program": "import subprocess; subprocess.run(['/bin/true'])",
    "take all memory": "bytearray(3 * 1024**3)",
    "raise a limit": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)); open('/etc/passwd')",
}


def python(code: str, sent: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-I", "-B", "-c", code, str(ROOT)], input=sent, capture_output=True)


@pytest.mark.parametrize("what", ATTEMPTS)
def test_from_inside_nobody_can(what: str):
    code = "import socket, subprocess, os, resource\n" + SHUT_IN
    code += f"try:\n    {ATTEMPTS[what]}\nexcept (OSError, MemoryError, ValueError):\n    print('refused')"
    assert python(code).stdout == b"refused\n"


def test_on_linux_the_network_is_left_even_for_who_frees_a_descriptor():
    code = "import socket, os\n" + SHUT_IN
    code += "os.close(0)\ntry:\n    socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError as e: print(e.errno)"
    assert python(code).stdout.strip() in (b"101", b"99", b"24")


@pytest.mark.parametrize("name", [*PICTURES, "pdf"])
def test_every_kind_passes_through_the_process(name: str):
    ran = python(BEGIN + "from intake.parser.run import main; main()", (PICTURES | {"pdf": pdf()})[name])
    line, content = ran.stdout.split(b"\n", 1)
    kind, made = read_verdict(line + b"\n")
    assert (ran.returncode, ran.stderr, kind, bool(content)) == (0, b"", Media(name), True)
    assert made is not Media.HEIC


def test_a_document_that_unpacks_to_200_mb_harms_nobody():
    ran = python(BEGIN + "from intake.parser.run import main; main()", pdf_bomb())
    with pytest.raises(Refused):
        read_verdict(ran.stdout)


def test_a_file_is_refused_when_it_is_too_large():
    assert clean(bytes(LARGEST_CONTENT + 1)) == (refusal_line(Refusal.TOO_LARGE),)


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"clean\n", b"clean exe exe\n", b"refused\n", b"refused kanarie\n", b"\xff\xfe", b"x" * 999]
)
def test_what_is_no_verdict_means_a_damaged_file(line: bytes):
    with pytest.raises(Refused) as refused:
        read_verdict(line)
    assert refused.value.reason is Refusal.DAMAGED


def test_a_verdict_is_read_as_it_was_written():
    assert read_verdict(verdict_line(Media.HEIC, Media.JPEG)) == (Media.HEIC, Media.JPEG)
    with pytest.raises(Refused, match="locked"):
        read_verdict(refusal_line(Refusal.LOCKED))
    assert io.BytesIO(verdict_line(Media.PDF, Media.PDF)).readline().endswith(b"\n")
