"""From bytes to text: which coding a file is in, and what programs that pass text on do to it."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import quopri
import re

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
ZEROS = {"x0x0": "utf-16-le", "0x0x": "utf-16-be", "x000": "utf-32-le", "000x": "utf-32-be"}


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text in the bytes of a file, and a note if it was not in UTF-8."""
    name = coding(data)
    if not name.startswith("utf-8"):
        return data.decode(name, "replace").rstrip("\0"), coding_note(data)
    end = data.rstrip(b"\0")
    notes = [] if len(end) == len(data) else ["the file ended in zero bytes; they were left out"]
    try:
        return end.decode(name), notes
    except UnicodeDecodeError:
        pass
    text = end.decode(name, "replace")
    if any(not sign.isascii() and sign != "\ufffd" for sign in text):  # some of it is UTF-8, which is no accident
        return text, [f"{text.count(chr(0xFFFD))} signs could not be read as UTF-8 and were replaced", *notes]
    return end.decode("cp1252", "replace"), ["the file was not written in UTF-8; it was read as Windows-1252", *notes]


def coding_note(data: bytes) -> list[str]:
    """A note if a file is in another coding than UTF-8."""
    name = coding(data).upper().removesuffix("-LE").removesuffix("-BE")
    return [] if name.startswith("UTF-8") else [f"the file was written in {name}, not in UTF-8; it was read all the same"]


def coding(data: bytes) -> str:
    """Which kind of Unicode a file is in, by its first bytes, or by where it has zeros."""
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return name
    head = data[:1024]
    zeros = "".join("0" if 2 * head[i::4].count(0) > len(head[i::4]) else "x" for i in range(4))
    return ZEROS.get(zeros, "utf-8")


def unpacked(text: str) -> list[tuple[str, bytes]]:
    """What the file may have been before a mail program, a web page or a word processor changed it, and which of them did."""
    start = text.lstrip("\ufeff \t\r\n")
    attempts: list[tuple[str, bytes]] = []
    if "{" in text and quoted_printable(text):
        body = text[text.find("{") :]
        attempts.append(("a mail program (quoted-printable)", quopri.decodestring(body.encode("utf-8", "surrogatepass"))))
    if "&quot;" in text and '"cell_type"' not in text:
        attempts.append(("a web page", html.unescape(text).encode("utf-8", "surrogatepass")))
    if "\u201c" in text and '"cell_type"' not in text:
        attempts.append(("a word processor", re.sub("[\u201c\u201d\u201e]", '"', text).encode("utf-8", "surrogatepass")))
    if not start.startswith(("{", "[")) and re.fullmatch(r"[A-Za-z0-9+/=\s]{40,}", start):
        try:
            attempts.append(("a mail program (base64)", base64.b64decode(start)))
        except (ValueError, binascii.Error):
            pass
    return attempts


def quoted_printable(text: str) -> bool:
    """Whether every equals sign is one of the quoted-printable coding."""
    return "=3D" in text and not re.search(r"=(?!\r?\n|[0-9A-F]{2})", text)
