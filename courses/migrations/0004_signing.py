import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

import lms.core.clock

SIDES = [("lived", "With lived experience"), ("clinical", "Clinical")]


def _let_authors_publish(apps, schema_editor):
    """Whoever may change pages may publish them: what is shown of lessons hangs on signatures, not on who presses."""
    Given = apps.get_model("wagtailcore", "GroupPagePermission")
    Permission = apps.get_model("auth", "Permission")
    publish = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename="publish_page"
    ).first()
    if publish is None:
        return
    writes = Given.objects.filter(group__name="Editors", permission__codename="change_page")
    for given in writes:
        Given.objects.get_or_create(group_id=given.group_id, page_id=given.page_id, permission=publish)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("courses", "0003_media"),
        ("wagtailcore", "0086_populate_grouppagepermission_permission"),
    ]

    operations = [
        migrations.AddField(
            model_name="lessonpage",
            name="words_digest",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("revision_number", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("publish_when_signed", models.BooleanField(default=False)),
                ("over_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="courses.lessonpage",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over_at", None)),
                        fields=("lesson",),
                        name="one_review_of_a_lesson_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("side", models.CharField(choices=SIDES, max_length=20)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="courses.review"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "reviewer"), name="a_reviewer_has_one_seat_in_a_review"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lesson_title", models.CharField(max_length=255)),
                ("revision_number", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("side", models.CharField(choices=SIDES, max_length=20)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("signed", "Signed"), ("change", "Asked for a change")], max_length=20
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("profession", models.CharField(blank=True, max_length=60)),
                ("next_review_on", models.DateField(null=True)),
                ("signed_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                (
                    "lesson",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="signatures",
                        to="courses.lessonpage",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["lesson", "digest"], name="signatures_of_words")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "change"), ("next_review_on__isnull", False), _connector="XOR"
                        ),
                        name="what_is_signed_has_a_day_to_look_again",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("block_id", models.CharField(blank=True, max_length=36)),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("revision_number", models.PositiveBigIntegerField()),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="courses.reviewcomment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_comments",
                        to="courses.lessonpage",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="ReviewReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("next_review_on", models.DateField()),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.lessonpage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lesson", "next_review_on"), name="authors_are_reminded_once_of_a_day"
                    )
                ],
            },
        ),
        migrations.RunPython(_let_authors_publish, migrations.RunPython.noop, elidable=False),
    ]
