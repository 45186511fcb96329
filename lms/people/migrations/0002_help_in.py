import uuid

import django.db.models.deletion
import lms.core.clock
from django.conf import settings
from django.db import migrations, models


def words_to_localities(apps, schema_editor) -> None:
    Locality = apps.get_model("people", "Locality")
    for organisation in apps.get_model("people", "Organisation").objects.exclude(locality_words=""):
        name = " ".join(organisation.locality_words.split())
        if name:
            organisation.locality = Locality.objects.get_or_create(name=name)[0]
            organisation.save(update_fields=["locality"])


def localities_to_words(apps, schema_editor) -> None:
    organisations = apps.get_model("people", "Organisation").objects.exclude(locality=None)
    for organisation in organisations.select_related("locality"):
        organisation.locality_words = organisation.locality.name
        organisation.save(update_fields=["locality_words"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Locality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, unique=True)),
            ],
            options={
                "verbose_name_plural": "localities",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PrintedInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("identity_note", models.CharField(blank=True, max_length=200)),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RoleProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("patient", "Patient"),
                            ("professional", "Professional"),
                            ("lay_tutor", "Lay tutor"),
                            ("clinical_tutor", "Clinical tutor"),
                            ("coordinator", "Coordinator"),
                            ("author", "Author"),
                            ("lay_reviewer", "Lay reviewer"),
                            ("clinical_reviewer", "Clinical reviewer"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="VettingCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dbs_basic", "DBS, basic"),
                            ("dbs_standard", "DBS, standard"),
                            ("dbs_enhanced", "DBS, enhanced"),
                            ("dbs_barred", "DBS, enhanced with barred list"),
                            ("pvg", "PVG scheme (Scotland)"),
                            ("accessni_basic", "AccessNI, basic"),
                            ("accessni_standard", "AccessNI, standard"),
                            ("accessni_enhanced", "AccessNI, enhanced"),
                            ("not_needed", "No check is needed for these duties"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("may", "They may lead workshops"),
                            ("may_not", "They may not lead workshops"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("seen_on", models.DateField()),
                ("renew_on", models.DateField()),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="caretie",
            name="one_open_invitation_to_an_address",
        ),
        migrations.AddField(
            model_name="caretie",
            name="invited_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AlterField(
            model_name="caretie",
            name="invited_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AlterField(
            model_name="role",
            name="kind",
            field=models.CharField(
                choices=[
                    ("patient", "Patient"),
                    ("professional", "Professional"),
                    ("lay_tutor", "Lay tutor"),
                    ("clinical_tutor", "Clinical tutor"),
                    ("coordinator", "Coordinator"),
                    ("author", "Author"),
                    ("lay_reviewer", "Lay reviewer"),
                    ("clinical_reviewer", "Clinical reviewer"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="caretie",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("ended_at", None)),
                fields=("invited_by", "invited_email", "invited_name"),
                name="one_open_invitation_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="caretie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invited_email", ""), models.Q(("invited_name", ""), _negated=True)),
                    models.Q(("invited_name", ""), models.Q(("invited_email", ""), _negated=True)),
                    _connector="OR",
                ),
                name="invited_by_address_or_by_name",
            ),
        ),
        # From words to a list: the words move over, and nothing of them is lost. The foreign key is tied last,
        # because a database does not alter a table that has checks waiting.
        migrations.RenameField(model_name="organisation", old_name="locality", new_name="locality_words"),
        migrations.AddField(
            model_name="organisation",
            name="locality",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations",
                to="people.locality",
                db_constraint=False,
            ),
        ),
        migrations.RunPython(words_to_localities, localities_to_words),
        migrations.RemoveField(model_name="organisation", name="locality_words"),
        migrations.AlterField(
            model_name="organisation",
            name="locality",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations",
                to="people.locality",
            ),
        ),
        migrations.AddField(
            model_name="printedinvitation",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="printedinvitation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddField(
            model_name="printedinvitation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="printed_invitations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="role",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposal",
                to="people.role",
            ),
        ),
        migrations.AddField(
            model_name="vettingcheck",
            name="checked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="vettingcheck",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddField(
            model_name="vettingcheck",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vetting_checks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="vetting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roles",
                to="people.vettingcheck",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("used_at", None)),
                fields=("person",),
                name="one_printed_invitation_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("made_by")), _negated=True),
                name="nobody_prints_their_own_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("person", "kind", "organisation"),
                name="a_role_is_proposed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("proposed_by")), _negated=True),
                name="nobody_proposes_themselves",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role", None),
                    models.Q(
                        ("answered_by__isnull", False),
                        models.Q(("answered_by", models.F("proposed_by")), _negated=True),
                        models.Q(("answered_by", models.F("person")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_role_for_two_is_confirmed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["coordinator", "administrator"])),
                name="only_these_roles_are_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettingcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("renew_on__gt", models.F("seen_on"))),
                name="vetting_is_renewed_after_it_was_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettingcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("checked_by")), _negated=True),
                name="nobody_vets_themselves",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettingcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "not_needed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="no_check_needed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettingcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["may", "may_not"])), name="vetting_decision_is_known"
            ),
        ),
    ]
