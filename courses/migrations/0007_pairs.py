import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


def let_editors_pair(apps, schema_editor):
    """Who writes the courses pairs them: with the permissions that Wagtail asks for its snippets."""
    types, permissions = apps.get_model("contenttypes.ContentType"), apps.get_model("auth.Permission")
    for group in apps.get_model("auth.Group").objects.filter(name__in=["Editors", "Moderators"]):
        for model in ("pairing", "curriculumpair"):
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
        ("courses", "0006_practice_that_sticks"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="pairing",
            options={
                "ordering": ["number"],
                "verbose_name": "pair of modules",
                "verbose_name_plural": "pairs of modules",
            },
        ),
        migrations.AddField(
            model_name="pairing",
            name="reviewed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="pairing",
            name="reviewed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pairing",
            name="reviewed_words",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.CreateModel(
            name="CurriculumPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "together",
                    models.TextField(blank=True, max_length=800, verbose_name="what both rehearse"),
                ),
                (
                    "patient_curriculum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pair_as_patient",
                        to="courses.curriculumpage",
                        verbose_name="for patients",
                    ),
                ),
                (
                    "professional_curriculum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pair_as_professional",
                        to="courses.curriculumpage",
                        verbose_name="for professionals",
                    ),
                ),
            ],
            options={
                "verbose_name": "pair of courses",
                "verbose_name_plural": "pairs of courses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "patient_curriculum",
                                django.db.models.expressions.F("professional_curriculum"),
                            ),
                            _negated=True,
                        ),
                        name="a_course_is_not_its_own_other_side",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CarriedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("revision_number", models.PositiveBigIntegerField()),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CarriedPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64, unique=True)),
                (
                    "image",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailimages.image",
                    ),
                ),
            ],
        ),
        migrations.RunPython(let_editors_pair, migrations.RunPython.noop, elidable=False),
    ]
