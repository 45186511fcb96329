"""Giving out part of a file: a player that jumps to the third minute asks for the bytes from there on.

Source: RFC 9110, section 14 (one range of bytes; several at once are answered with the whole, as it allows).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
PIECE = 64 * 1024


def asked_for(
    request: HttpRequest, file: File, *, content_type: str, headers: dict[str, str]
) -> HttpResponseBase:
    """The whole file, the one range of it that was asked for (206), or 416 when there is no such range."""
    size = file.size
    # Packed on the way, a range would not be the bytes that were asked for.
    headers = headers | {"Accept-Ranges": "bytes", "Content-Encoding": "identity"}
    wanted = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    # What a name stands for never changes, but no mark of ours says so: with If-Range, the whole is right.
    if wanted is None or not any(wanted.groups()) or "If-Range" in request.headers:
        return _part(file, 0, size, 200, content_type, headers)
    first, last = wanted.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        file.close()
        return HttpResponse(
            status=416, content_type=content_type, headers={"Content-Range": f"bytes */{size}"}
        )
    return _part(
        file, start, end, 206, content_type, headers | {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    )


def _part(
    file: File, start: int, end: int, status: int, content_type: str, headers: dict[str, str]
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_pieces(file, start, end), status=status, content_type=content_type)
    response._resource_closers.append(file.close)
    for name, value in (headers | {"Content-Length": str(end - start)}).items():
        response.headers[name] = value
    return response


def _pieces(file: BinaryIO | File, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    left = end - start
    while left > 0 and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece
