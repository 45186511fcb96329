"""Things that hide in a file of another kind."""

# Looked for in small letters. Each is so long that chance does not write it into ten megabytes of noise.
ACTIVE = (
    b"<script", b"<iframe", b"<html>", b"<html ", b"<body>", b"<body ", b"<svg ", b"<svg>", b"<svg/", b"<svg\n", b"<?php",
    b"<!doctype", b"<!entity", b"javascript:", b"vbscript:",
)  # fmt: skip
ANOTHER_FILE = (
    b"PK\x05\x06\0\0\0\0",  # the end of a zip
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"%PDF-1.",
    b"%PDF-2.",
    b"\x7fELF\x01\x01\x01",
    b"\x7fELF\x02\x01\x01",
)


def has_active_words(content: bytes) -> bool:
    """Whether a browser that took the file for a page would find something to run."""
    small = content.lower()
    return any(word in small for word in ACTIVE)


def has_another_file(content: bytes) -> bool:
    """Whether an archive, a PDF or a program lies in the file, after its first byte."""
    return any(content.find(sign, 1) >= 0 for sign in ANOTHER_FILE)
