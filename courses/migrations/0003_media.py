import uuid

from django.conf import settings
from django.db import migrations, models

import courses.models.materials


def let_editors_keep_materials(apps, schema_editor):
    """Who writes the courses keeps what lessons show: with the permissions that Wagtail asks for its snippets."""
    types, permissions = apps.get_model("contenttypes.ContentType"), apps.get_model("auth.Permission")
    for group in apps.get_model("auth.Group").objects.filter(name__in=["Editors", "Moderators"]):
        for model in ("recording", "voicerecord", "glossaryterm"):
            of_model = types.objects.get_or_create(app_label="courses", model=model)[0]
            for verb in ("add", "change", "delete"):
                permission = permissions.objects.get_or_create(
                    content_type=of_model,
                    codename=f"{verb}_{model}",
                    defaults={"name": f"Can {verb} {model}"},
                )[0]
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_versions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="GlossaryTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "language",
                    models.CharField(
                        choices=courses.models.materials.content_languages,
                        default=settings.LANGUAGE_CODE,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("term", models.CharField(max_length=80, verbose_name="word")),
                (
                    "explanation",
                    models.TextField(
                        help_text="In words that a ten-year-old knows.",
                        max_length=400,
                        verbose_name="what it means",
                    ),
                ),
            ],
            options={
                "verbose_name": "explained word",
                "verbose_name_plural": "explained words",
                "ordering": ["term"],
                "constraints": [
                    models.UniqueConstraint(fields=("term", "language"), name="a_word_is_explained_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "language",
                    models.CharField(
                        choices=courses.models.materials.content_languages,
                        default=settings.LANGUAGE_CODE,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[("audio", "Sound"), ("video", "Film")], editable=False, max_length=20
                    ),
                ),
                ("seconds", models.PositiveIntegerField(editable=False)),
                (
                    "file",
                    models.FileField(max_length=120, upload_to="recordings", verbose_name="recording"),
                ),
                (
                    "captions",
                    models.FileField(
                        help_text="A WebVTT file: what is said, and when. For sounds that matter, say what is heard.",
                        max_length=120,
                        upload_to="recordings",
                        verbose_name="captions",
                    ),
                ),
                (
                    "transcript",
                    models.TextField(
                        help_text=(
                            "All that is said, and what a film shows without words. "
                            "Leave an empty line between parts."
                        ),
                        max_length=60_000,
                        verbose_name="transcript",
                    ),
                ),
            ],
            options={
                "verbose_name": "recording",
                "verbose_name_plural": "recordings",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="VoiceRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "language",
                    models.CharField(
                        choices=courses.models.materials.content_languages,
                        default=settings.LANGUAGE_CODE,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        help_text="The name that they chose, and what they live with if they want that said.",
                        max_length=120,
                        verbose_name="who, as it is shown",
                    ),
                ),
                ("words", models.TextField(max_length=2000, verbose_name="their words")),
                ("given_on", models.DateField(verbose_name="consent given on")),
                (
                    "how",
                    models.CharField(
                        choices=[("written", "In writing"), ("recorded", "Said, and recorded")],
                        max_length=20,
                        verbose_name="how it was given",
                    ),
                ),
                (
                    "shown_until",
                    models.DateField(
                        blank=True,
                        help_text="The last day, if they named one.",
                        null=True,
                        verbose_name="shown until",
                    ),
                ),
                (
                    "withdrawn_on",
                    models.DateField(
                        blank=True,
                        help_text=(
                            "Once a day stands here, nobody sees the words any more. "
                            "Delete the record to lose them for good."
                        ),
                        null=True,
                        verbose_name="consent withdrawn on",
                    ),
                ),
            ],
            options={
                "verbose_name": "voice of somebody who took part",
                "verbose_name_plural": "voices of people who took part",
                "ordering": ["who"],
            },
        ),
        migrations.RunPython(let_editors_keep_materials, migrations.RunPython.noop),
    ]
