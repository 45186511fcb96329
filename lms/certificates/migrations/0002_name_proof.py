from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="name_proof",
            field=models.CharField(blank=True, default="", editable=False, max_length=128),
            preserve_default=False,
        ),
    ]
