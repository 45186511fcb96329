import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_blocks"),
        ("workshops", "0002_booking_shares_needs"),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="version",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="courses.courseversion",
            ),
        ),
    ]
