import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import lms.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_enrolling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PromptSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("module_key", models.UUIDField(null=True)),
                ("begins_on", models.DateField(default=lms.core.clock.today)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prompt_series",
                        to="courses.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminders of a module",
                "verbose_name_plural": "reminders of modules",
                "indexes": [
                    models.Index(
                        condition=Q(("stopped_at", None)), fields=["begins_on"], name="prompts_to_send"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("stopped_at", None)),
                        fields=("enrolment", "module_key"),
                        name="one_series_of_prompts_for_a_module",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("module_key", None), ("stopped_at", None)),
                        fields=("enrolment",),
                        name="one_series_of_prompts_for_a_course",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("week", models.PositiveSmallIntegerField()),
                ("stop_hash", models.CharField(max_length=64, unique=True)),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prompts",
                        to="courses.promptseries",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "week"), name="a_week_is_prompted_once"),
                    models.CheckConstraint(
                        condition=Q(("week__in", (1, 2, 4, 8))), name="prompts_come_in_these_weeks"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.CharField(max_length=200)),
                ("visit_on", models.DateField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "used",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("all", "Yes, all of it"),
                            ("some", "Some of it"),
                            ("not_yet", "Not yet"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "what you want to use in a visit",
                "verbose_name_plural": "what you want to use in visits",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=Q(("asked_at", None), ("ended_at", None)),
                        fields=["visit_on"],
                        name="commitments_to_ask_about",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at", None)), fields=("learner",), name="one_commitment_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=Q(("words", ""), _negated=True), name="a_commitment_says_something"
                    ),
                    models.CheckConstraint(
                        condition=Q(("used", ""), ("ended_at__isnull", False), _connector="OR"),
                        name="an_answered_commitment_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlySkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField()),
                ("lesson_key", models.UUIDField()),
                (
                    "picked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="courses.team"
                    ),
                ),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [models.UniqueConstraint(fields=("team", "month"), name="one_skill_a_month")],
            },
        ),
        migrations.CreateModel(
            name="SkillShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skill_shares",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="courses.monthlyskill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("skill", "person"), name="a_member_is_told_of_a_skill_once"
                    )
                ],
            },
        ),
    ]
