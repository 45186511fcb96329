import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_needs_and_contact"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarerTie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("invited_as", models.CharField(max_length=254)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "carer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties_as_carer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carer_ties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", False), ("ended_at", None)),
                        fields=("person", "carer"),
                        name="one_carer_tie_between_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("ended_at", None)),
                        fields=("person", "invited_as"),
                        name="one_open_invitation_to_a_carer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("carer__isnull", False), _connector="OR"),
                        name="an_accepted_carer_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carer", None),
                            models.Q(("person", models.F("carer")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_is_their_own_carer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LivedWith",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("words", models.CharField(max_length=120)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lived_with",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("reason", models.CharField(max_length=200)),
                ("until", models.DateTimeField()),
                (
                    "administrator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_accesses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "emergency accesses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("administrator", models.F("person")), _negated=True),
                        name="nobody_opens_their_own_record_in_an_emergency",
                    )
                ],
            },
        ),
    ]
