import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Consents without a tie, and to carers. Those given over a care tie stay as they are, at version 1."""

    dependencies = [
        ("people", "0004_carers"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="consent",
            name="tie",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="people.caretie",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="carer_tie",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="people.carertie",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("carer_tie", "what"),
                name="one_consent_in_force_for_each_carer",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("carer_tie", None), ("tie", None), ("withdrawn_at", None)),
                fields=("person", "what"),
                name="one_consent_in_force_for_each_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("tie", None), ("carer_tie", None), _connector="OR"),
                name="a_consent_is_over_one_tie_at_most",
            ),
        ),
    ]
