"""Captions come in as WebVTT. They are read strictly, and written again as what was read: times and plain words.

Source: WebVTT, W3C Candidate Recommendation of 2019, sections 4.1 (files), 4.2 (text of a cue) and 4.4 (settings).
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.limits import MOST_BYTES_OF_CAPTIONS, MOST_CUES
from lms.uploads.names import ending_of

ENDING = "vtt"
CONTENT_TYPE = "text/vtt; charset=utf-8"
# Few systems know the type of captions: a browser then says that it is text, or nothing.
DECLARED = ("text/vtt", "text/plain", "application/octet-stream", "")
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}((?:[ \t]+\S+)*)[ \t]*")
A_SETTING = re.compile(
    r"vertical:(rl|lr)|line:-?\d+(\.\d+)?%?(,(start|center|end))?|size:\d+(\.\d+)?%|align:(start|center|end|left|right)"
    r"|position:\d+(\.\d+)?%(,(line-left|center|line-right))?"
)
A_TAG = re.compile(r"<(?:/?[biu]|/v|v(?:\.[\w-]+)* [^<>&\n]{1,60})>")
A_CODE = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm);")
LONGEST_LINE = 300


@dataclass(frozen=True)
class Cue:
    """What is said, from one moment to another, in milliseconds."""

    start: int
    end: int
    settings: str
    lines: tuple[str, ...]


def clean_captions(*, name: str, content_type: str, content: bytes) -> bytes:
    """The captions, written anew: the same words at the same times, without notes, names of cues and styles of their own.

    Refuses the first thing that is not as it should be, and names its line.
    """
    if ending_of(name) != ENDING or content_type not in DECLARED:
        raise RuleBroken(
            _("This kind of file cannot be used here. Choose captions in a file that ends in .vtt.")
        )
    if len(content) > MOST_BYTES_OF_CAPTIONS:
        raise RuleBroken(_("These captions are too long. Make a recording for each part."))
    return written(read_captions(content))


def read_captions(content: bytes) -> list[Cue]:
    """The cues in their order; see `clean_captions` for what is refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _wrong(line, _("these are not letters in UTF-8")) from None
    lines = re.split(r"\r\n|\r|\n", text)
    if not re.fullmatch(r"WEBVTT(?:[ \t].{0,200})?", lines[0]):
        raise _wrong(1, _("the file must begin with WEBVTT"))
    if len(lines) > 1 and lines[1].strip():
        raise _wrong(2, _("an empty line must come after WEBVTT"))
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if block[0].split(" ")[0].rstrip(":") in ("STYLE", "REGION"):
            raise _wrong(number, _("styles and regions are not used here; take them out"))
        if not re.match(r"NOTE(?:[ \t]|\Z)", block[0]):
            cues.append(_cue(number, block, cues[-1].start if cues else 0))
    if not cues:
        raise _wrong(len(lines), _("nothing is said in these captions"))
    if len(cues) > MOST_CUES:
        raise RuleBroken(_("These captions are too long. Make a recording for each part."))
    return cues


def _wrong(line: int, what: object) -> RuleBroken:
    return RuleBroken(_("Line %(line)s of the captions: %(what)s.") % {"line": line, "what": what})


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands together, and the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            fresh = True
            continue
        if len(line) > LONGEST_LINE or any(ord(letter) < 32 and letter != "\t" for letter in line):
            raise _wrong(number, _("this line is too long, or has signs that cannot be shown"))
        if fresh:
            found.append((number, []))
        fresh = False
        found[-1][1].append(line)
    return found


def _cue(number: int, block: list[str], not_before: int) -> Cue:
    if "-->" not in block[0]:
        number, block = number + 1, block[1:]  # its name
    times = TIMES.fullmatch(block[0]) if block else None
    if times is None:
        raise _wrong(number, _("here a time should stand, like 00:01.000 --> 00:04.000"))
    parts = [int(part or 0) for part in times.groups()[:8]]
    start, end = _milliseconds(*parts[:4]), _milliseconds(*parts[4:])
    if end <= start or start < not_before:
        raise _wrong(number, _("the times must go forward"))
    settings = (times[9] or "").split()
    if not all(A_SETTING.fullmatch(setting) for setting in settings):
        raise _wrong(number, _("this place for the words is not known"))
    words = block[1:]
    if not words:
        raise _wrong(number, _("nothing is said at this time"))
    for further, line in enumerate(words, start=1):
        left = A_CODE.sub("", A_TAG.sub("", line))
        if "-->" in line or set("<&") & set(left):
            raise _wrong(
                number + further,
                _("only plain words, bold, italic and the name of who speaks may stand here"),
            )
    return Cue(start, end, " ".join(settings), tuple(line.strip() for line in words))


def _milliseconds(hours: int, minutes: int, seconds: int, thousandths: int) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def written(cues: list[Cue]) -> bytes:
    """A WebVTT file of these cues and nothing else."""
    parts = ["WEBVTT"]
    for cue in cues:
        times = f"{_clock(cue.start)} --> {_clock(cue.end)} {cue.settings}".rstrip()
        parts.append("\n".join([times, *cue.lines]))
    return ("\n\n".join(parts) + "\n").encode()


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{thousandths:03}"
