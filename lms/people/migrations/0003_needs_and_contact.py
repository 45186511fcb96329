import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_help_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="ask_needs_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("mail", "Email"),
                            ("letter", "A letter in the post"),
                            ("call", "A phone call"),
                        ],
                        default="mail",
                        max_length=10,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("address", models.TextField(blank=True, max_length=300)),
                ("best_time", models.CharField(blank=True, max_length=120)),
                ("may_leave_message", models.BooleanField(default=False)),
                ("large_print", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(default=lms.core.clock.now)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["mail", "letter", "call"])),
                        name="way_of_contact_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "letter"), _negated=True),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_letter_needs_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "call"), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_call_needs_a_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Needs",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kinds", models.JSONField(default=list)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField(default=lms.core.clock.now)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "needs",
            },
        ),
        migrations.CreateModel(
            name="NeedsMet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occasion", models.CharField(max_length=80)),
                ("occasion_words", models.CharField(max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("met", "Yes"), ("partly", "Partly"), ("not", "No")], max_length=10
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField(default=lms.core.clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs_met",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "needs met",
                "ordering": ["-recorded_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "occasion"), name="one_answer_for_each_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["met", "partly", "not"])),
                        name="needs_outcome_is_known",
                    ),
                ],
            },
        ),
    ]
