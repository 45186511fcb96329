"""A lesson that holds every block there is, once for each audience: made of the blocks' own examples."""

import json
import uuid

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.images import get_image_model

from courses.models import GlossaryTerm, LessonPage, Recording, VoiceRecord
from lms.core import clock
from lms.people.models import Audience
from tests.factories.courses import make_curriculum, make_lesson, make_module
from tests.hostile.bits import picture
from tests.hostile.recordings import GOOD_VTT, mp4

SLUGS = {Audience.PATIENT: "all-for-patients", Audience.PROFESSIONAL: "all-for-professionals"}


def build() -> None:
    """Both lessons, open to visitors; their addresses are `address_of(audience)`."""
    chosen = materials()
    for audience, slug in SLUGS.items():
        module = make_module(
            make_curriculum(audience=audience, slug=slug, title=f"All, for {audience}s"), slug="all"
        )
        make_lesson(module, *every_block(chosen), slug="blocks", title="Every block", open_to_visitors=True)


def address_of(audience: str) -> str:
    return f"/{SLUGS[audience]}/all/blocks/"


def every_block(chosen: dict[str, dict]) -> list[dict]:
    blocks = []
    for name, one in LessonPage.body.field.stream_block.child_blocks.items():
        value = chosen.get(name) or one.get_prep_value(one.get_preview_value())
        blocks.append({"type": name, "value": with_ids(value), "id": str(uuid.uuid4())})
    return json.loads(json.dumps(blocks, cls=DjangoJSONEncoder))


def with_ids(value):
    """An example has no numbers of its own; what is kept has."""
    if isinstance(value, dict):
        own = {"id": value["id"] or str(uuid.uuid4())} if set(value) == {"type", "value", "id"} else {}
        return {name: with_ids(part) for name, part in value.items()} | own
    return [with_ids(part) for part in value] if isinstance(value, list) else value


def materials() -> dict[str, dict]:
    """What the blocks that show something kept elsewhere have to be given."""
    recording = Recording(title="Two minutes before a visit", kind="video", seconds=125)
    recording.transcript = (
        "Rosa sits in the hall, with a list in her hand.\n\nShe says: I begin with my breath."
    )
    recording.file.save("talk.mp4", ContentFile(mp4()), save=False)
    recording.captions.save("talk.vtt", ContentFile(GOOD_VTT), save=False)
    recording.save()
    voice = VoiceRecord.objects.create(
        who="Rosa, who lives with asthma", words="I say it first.", given_on=clock.today(), how="written"
    )
    term = GlossaryTerm.objects.create(term="Agenda", explanation="What you talk about at a visit, in order.")
    file = ImageFile(ContentFile(picture("PNG", size=(1600, 700))), name="hall.png")
    image = get_image_model().objects.create(title="A hall", file=file)
    return {
        "recording": {"recording": str(recording.pk)},
        "voice_record": {"voice": str(voice.pk)},
        "glossary": {"terms": [{"type": "item", "value": str(term.pk), "id": str(uuid.uuid4())}]},
        "image": {"image": image.pk, "alt": "A hall with two doors", "caption": "Where it began."},
    }
