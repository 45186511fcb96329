import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def give_public_ids(apps, schema_editor):
    Message = apps.get_model("notifications", "Message")
    batch = []
    for message in Message.objects.filter(public_id=None).only("pk").iterator(chunk_size=1000):
        message.public_id = uuid.uuid4()
        batch.append(message)
        if len(batch) == 1000:
            Message.objects.bulk_update(batch, ["public_id"])
            batch.clear()
    Message.objects.bulk_update(batch, ["public_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="public_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(give_public_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="message",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="message",
            name="channel",
            field=models.CharField(
                choices=[("mail", "Email"), ("letter", "A letter in the post"), ("call", "A phone call")],
                default="mail",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="language",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="message",
            name="not_after",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="words",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="message",
            name="address",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "mail"), _negated=True),
                    models.Q(("address", ""), _negated=True),
                    ("sent_at__isnull", False),
                    ("given_up_at__isnull", False),
                    _connector="OR",
                ),
                name="a_mail_has_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["mail", "letter", "call"])),
                name="channel_of_message_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel", "mail"), ("is_secret", False), _connector="OR"),
                name="a_secret_goes_by_mail_only",
            ),
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("posted", "Posted"),
                            ("reached", "I told them"),
                            ("not_reached", "Not reached: try again"),
                            ("not_wanted", "They did not want it"),
                            ("turned", "Sent another way"),
                            ("sent_again", "Sent again"),
                            ("helped", "Helped in another way"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handlings",
                        to="notifications.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
    ]
