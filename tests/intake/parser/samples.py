"""Files as strangers send them, made here: pictures that tell where they were taken, PDFs that act."""

import base64
import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, PngImagePlugin

MARK = b"KanarieCam"
"""Stands in the metadata of every sample, and must be gone from what is drawn anew."""
_GPS, _MAKE, _ORIENTATION = 0x8825, 0x010F, 0x0112

HEIC = base64.b64decode("""
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA
ADRpbG9jAAAAAERAAAIAAQAAAAABxQABAAAAAAAAAJ0AAgAAAAACYgABAAAAAAAAAK4AAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA
AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAA
kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbq
SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBw
aXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAAEFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAVNt
ZGF0AAAAmSgBr1ifXystAvj/s7/aUgYG4cFUfnyAd9qfcf//0jFUzR2J4kK////wVC0ocklSapI7q0NAdlRh725dt4VOy0hdl99Y
JGQ0GJYDaV0GHlpwDqk0w1ugdMywLO6bsG8LXOdvkVRI8MsAv06sCGp/YPm2vffAgHx/TDFJbiP9RCX5NRmYwQoC/dWNgyMTkojG
ygJO/WoJtZRF3gAAAAZFeGlmAABNTQAqAAAACAADAQ8AAgAAAAsAAAAyARIAAwAAAAEABgAAiCUABAAAAAEAAAA+AAAAAEthbmFy
aWVDYW0AAAAEAAEAAgAAAAJOAAAAAAIABQAAAAMAAAB0AAMAAgAAAAJFAAAAAAQABQAAAAMAAACMAAAAAAAAADcAAAABAAAAFgAA
AAEAAAAeAAAAAQAAAA0AAAABAAAACQAAAAEAAAAAAAAAAQ==
""")
"""A turned picture of 96 by 64 with make and place, written with libheif's encoder, which the service does not have."""


def exif(turned: int = 1) -> Image.Exif:
    """Make, orientation and a place in Skåne."""
    tags = Image.Exif()
    tags[_MAKE] = MARK.decode()
    tags[_ORIENTATION] = turned
    tags.get_ifd(_GPS).update({1: "N", 2: (55.0, 22.0, 30.0), 3: "E", 4: (13.0, 9.0, 0.0)})
    return tags


def drawn(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).rectangle((10, 10, 50, 40), fill=(20, 90, 200, 255)[: len(picture.getbands())])
    return picture


def _saved(picture: Image.Image, **how: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, **how)
    return target.getvalue()


def jpeg(turned: int = 1) -> bytes:
    return _saved(drawn(), format="JPEG", exif=exif(turned), comment=MARK)


def png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Author", MARK.decode())
    return _saved(drawn("RGBA"), format="PNG", pnginfo=notes, exif=exif())


def webp() -> bytes:
    return _saved(drawn(), format="WEBP", exif=exif(), xmp=MARK)


PICTURES = {"jpeg": jpeg(), "png": png(), "webp": webp(), "heic": HEIC}


def png_bomb(side: int) -> bytes:
    """A few bytes that claim to be a picture of `side` by `side`."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(4096))) + _chunk(b"IEND")


def text_bomb() -> bytes:
    """A small picture with a comment that unpacks to 200 MB."""
    whole = png()
    packed = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    return whole[:33] + _chunk(b"zTXt", packed) + whole[33:]


def jpeg_bomb() -> bytes:
    """A picture whose header claims 65,500 pixels each way."""
    whole = jpeg()
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", 65_500, 65_500) + whole[at + 9 :]


def pdf(*, password: str = "") -> bytes:
    """A page with a picture and a filled-in field; scripts, a program to start, a file inside and an author."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 200)).obj
    picture = document.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=96, Height=64)
    picture.update(Dictionary(ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode))
    page.Resources = Dictionary(XObject=Dictionary(Im0=picture))
    page.Contents = document.make_stream(b"q 96 0 0 64 10 10 cm /Im0 Do Q")
    script = Dictionary(S=Name.JavaScript, JS="app.alert('kanarie')")
    page.AA = Dictionary(O=script)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.Launch, F="kanarie.exe")
    page.Annots = document.make_indirect(Array([document.make_indirect(link), _note(document)]))
    document.Root.OpenAction = script
    document.attachments["kanarie.exe"] = b"MZ kanarie"
    document.docinfo["/Author"] = MARK.decode()
    with document.open_metadata() as about:
        about["dc:title"] = MARK.decode()
    locked = pikepdf.Encryption(owner="o", user=password) if password else False
    target = io.BytesIO()
    document.save(target, encryption=locked)
    return target.getvalue()


def _note(document: pikepdf.Pdf) -> pikepdf.Object:
    """An annotation whose looks are `0 0 5 5 re f`: what one sees of it must stay."""
    looks = document.make_stream(b"0 0 5 5 re f", Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([50, 50, 60, 60]), AP=Dictionary(N=looks))
    note.T = MARK.decode()
    return document.make_indirect(note)


def pdf_bomb() -> bytes:
    """An object stream that unpacks to 200 MB."""
    packed = zlib.compressobj(9)
    inner = b"".join(packed.compress(bytes(10_000_000)) for _ in range(20)) + packed.flush()
    stream = b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(inner)
    body = b"%PDF-1.7\n" + stream + inner + b"\nendstream\nendobj\n"
    return body + b"trailer\n<</Root 2 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
