"""Each hostile file in a process of its own: how long it took, how much memory, what was said, what was left.

`python -m tests.hostile.probe` prints one JSON object a line. It makes a site's database in its own VAR_DIR, and sends each file
through every door of the CMS that it could come by; zips go to their reader. Large good pictures come last.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client

    from lms.people.models import Role
    from tests import migrated
    from tests.factories import RoleFactory
    from tests.hostile import archives, doors, papers, pictures, recordings

    database = Path(settings.DATABASES["default"]["NAME"])
    settings.MEDIA_ROOT.mkdir(parents=True)
    migrated.lay_copy(database)
    call_command("migrate", verbosity=0)
    browser = Client()
    author = RoleFactory(kind=Role.Kind.AUTHOR).person
    browser.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    # Everything that a process of the site has ready after its first minutes.
    for door in [*doors.PICTURE_DOORS, *doors.PAPER_DOORS]:
        door.send(browser, papers.papers()[-1])

    def through(the_doors, hostile):
        return lambda: [door.send(browser, hostile) for door in the_doors]

    tries: list[tuple[str, str, Callable]] = []
    tries += [("picture", str(one), through(doors.PICTURE_DOORS, one)) for one in pictures.pictures()]
    tries += [("paper", str(one), through(doors.PAPER_DOORS, one)) for one in papers.papers()]
    tries += [("recording", str(one), through(doors.RECORDING_DOORS, one)) for one in recordings.recordings()]
    tries += [("captions", str(one), through(doors.CAPTION_DOORS, one)) for one in recordings.captions()]
    tries += [("zip", str(one), lambda one=one: [unpacked(one)]) for one in archives.archives()]
    tries += [("good", str(one), through(doors.PICTURE_DOORS[:1], one)) for one in large_good_pictures()]
    tries += [("good", str(one), through(doors.RECORDING_DOORS, one)) for one in large_good_recordings()]
    for kind, harm, act in tries:
        connections.close_all()
        print(json.dumps({"kind": kind, "harm": harm, **apart(act, doors.left_behind)}), flush=True)


def apart(act: Callable[[], list[str]], left_behind: Callable[[], list[str]]) -> dict:
    """Runs it in a process of its own, and measures that.

    Seconds are of the processor, so that a busy machine does not count. Memory is all of the process, the site itself included.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        try:
            said = act()
            problem = ""
        except BaseException as error:
            said, problem = [], repr(error)[:300]
        found = {
            "said": said,
            "problem": problem,
            "seconds": round(time.process_time(), 2),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "left": left_behind(),
        }
        os.write(writing, json.dumps(found).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    _process, status = os.waitpid(process, 0)
    return (
        json.loads(told)
        if told
        else {"problem": f"ended with {status}", "said": [], "seconds": 60, "left": []}
    )


def unpacked(hostile) -> str:
    from lms.core.errors import RuleBroken
    from lms.uploads.archives import Limits, read_archive

    limits = Limits(endings=frozenset(["html", "css", "js", "xml", "txt", "png", "jpg"]))
    try:
        read_archive(
            file=BytesIO(hostile.make()), limits=limits, into=Path(tempfile.gettempdir()) / "unpacked"
        )
    except RuleBroken as error:
        return str(error)
    return ""


def large_good_pictures() -> list:
    """The largest that may come in, of each kind: they take more than any that is refused."""
    from lms.uploads.limits import MOST_PIXELS, MOST_PIXELS_OF_WEBP
    from tests.hostile import Hostile
    from tests.hostile.bits import photo, picture

    side, of_webp = int(MOST_PIXELS**0.5), int(MOST_PIXELS_OF_WEBP**0.5)
    return [
        Hostile(
            "photo on its side", "a.jpg", "image/jpeg", lambda: photo(size=(side, side), progressive=True)
        ),
        Hostile(
            "PNG with see-through parts",
            "a.png",
            "image/png",
            lambda: picture(size=(side, side), mode="RGBA"),
        ),
        Hostile(
            "WEBP without loss",
            "a.webp",
            "image/webp",
            lambda: photo("WEBP", size=(of_webp, of_webp), lossless=True),
        ),
        Hostile("GIF", "a.gif", "image/gif", lambda: picture("GIF", size=(side, side), mode="P")),
    ]


def large_good_recordings() -> list:
    """The largest that may come in: a sound has the most parts, a film is one large one."""
    from lms.uploads.limits import MOST_BYTES_OF_RECORDING
    from tests.hostile import Hostile
    from tests.hostile.recordings import FRAME, MP3, MP4, box, mp3, mp4

    frames = MOST_BYTES_OF_RECORDING // len(FRAME) - 4
    return [
        Hostile("the longest MP3", "a.mp3", MP3, lambda: mp3(frames)),
        Hostile(
            "the largest MP4",
            "a.mp4",
            MP4,
            lambda: mp4(more=box(b"mdat", bytes(MOST_BYTES_OF_RECORDING - 4096))),
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
