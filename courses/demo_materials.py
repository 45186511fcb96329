"""The demonstration's materials: what an author finds to choose from. The voice is made up, and says so; the recording is silence."""

from datetime import timedelta

from django.core.files.base import ContentFile

from courses.models import Recording, VoiceRecord
from lms.core import clock
from lms.demo.registry import Stage, register_part
from lms.uploads.captions import clean_captions
from lms.uploads.recordings import check_recording

TITLE = "Half a minute of quiet"
WHO = "Rosa, who lives with asthma (made up for the demonstration)"
SILENCE = b"\xff\xfb\x90\x00" + bytes(413)  # one frame of MP3: 26 milliseconds in which nothing is heard
CAPTIONS = b"""WEBVTT

00:00.500 --> 00:10.000
[Silence] Breathe in, as you would anyway.

00:10.500 --> 00:20.000
[Silence] Breathe out, a little longer.

00:20.500 --> 00:30.000
[Silence] What matters most to you today?
"""
TRANSCRIPT = """Nothing is heard for half a minute. The captions say:

Breathe in, as you would anyway. Breathe out, a little longer. What matters most to you today?"""


def load(stage: Stage) -> None:
    if not VoiceRecord.objects.filter(who=WHO).exists():
        VoiceRecord.objects.create(
            who=WHO,
            words="I say my hardest thing first now. The rest of the visit is easier.",
            given_on=clock.today() - timedelta(days=30),
            how=VoiceRecord.How.WRITTEN,
        )
    if not Recording.objects.filter(title=TITLE).exists():
        _record()
        stage.say("Materials: a voice and a recording to choose from.")


def _record() -> None:
    content = SILENCE * 1150
    found = check_recording(name="quiet.mp3", content_type="audio/mpeg", content=content)
    captions = clean_captions(name="quiet.vtt", content_type="text/vtt", content=CAPTIONS)
    recording = Recording(title=TITLE, kind=found.kind, seconds=found.seconds, transcript=TRANSCRIPT)
    recording.file.save("quiet.mp3", ContentFile(content), save=False)
    recording.captions.save("quiet.vtt", ContentFile(captions), save=False)
    recording.save()


register_part(21, "materials", load)
