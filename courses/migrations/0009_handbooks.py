import courses.drawings
import django.db.models.deletion
import lms.core.clock
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_blocks"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandbookPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("words_digest", models.CharField(blank=True, default="", editable=False, max_length=64)),
                (
                    "readers",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("tutors", "Those who lead, run, write and review courses"),
                        ],
                        max_length=20,
                        verbose_name="who may read it",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("patient", "Patients"),
                            ("professional", "Professionals"),
                            ("both", "Both sides"),
                        ],
                        max_length=20,
                        verbose_name="beside which course",
                    ),
                ),
                ("purpose", models.TextField(max_length=400, verbose_name="what it is for")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("chapter", 1),
                            ("text", 2),
                            ("key_points", 5),
                            ("do_dont", 6),
                            ("steps", 5),
                            ("details", 9),
                            ("care_card", 11),
                            ("drawing", 16),
                            ("glossary", 19),
                            ("tool_sheet", 25),
                            ("lines", 28),
                            ("activity", 38),
                            ("session", 45),
                        ],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"max_length": 120}),
                            1: ("wagtail.blocks.StructBlock", [[("title", 0)]], {}),
                            2: ("courses.blocks.reading.Text", (), {}),
                            3: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["bold", "italic", "link"], "max_length": 400},
                            ),
                            4: ("wagtail.blocks.ListBlock", (3,), {}),
                            5: ("wagtail.blocks.StructBlock", [[("heading", 0), ("items", 4)]], {}),
                            6: ("wagtail.blocks.StructBlock", [[("do", 5), ("dont", 5)]], {}),
                            7: ("wagtail.blocks.CharBlock", (), {"max_length": 200}),
                            8: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"]},
                            ),
                            9: ("wagtail.blocks.StructBlock", [[("summary", 7), ("text", 8)]], {}),
                            10: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": [("urgent", "Urgent"), ("emergency", "Emergency")]},
                            ),
                            11: ("wagtail.blocks.StructBlock", [[("kind", 10)]], {}),
                            12: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": courses.drawings.drawing_choices, "label": "Drawing"},
                            ),
                            13: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Read aloud to those who cannot see it.",
                                    "label": "What it shows",
                                    "max_length": 250,
                                    "required": False,
                                },
                            ),
                            14: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "label": "Only decoration: nobody misses it who cannot see it",
                                    "required": False,
                                },
                            ),
                            15: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Words below it", "max_length": 250, "required": False},
                            ),
                            16: (
                                "wagtail.blocks.StructBlock",
                                [[("name", 12), ("alt", 13), ("decorative", 14), ("caption", 15)]],
                                {},
                            ),
                            17: (
                                "courses.blocks.materials.MaterialChooser",
                                ("courses.GlossaryTerm",),
                                {"label": "Word"},
                            ),
                            18: ("wagtail.blocks.ListBlock", (17,), {"max_num": 12, "min_num": 1}),
                            19: ("wagtail.blocks.StructBlock", [[("terms", 18)]], {}),
                            20: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"],
                                    "required": False,
                                },
                            ),
                            21: ("wagtail.blocks.TextBlock", (), {"max_length": 300, "required": False}),
                            22: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"default": 3, "label": "Lines to write on", "max_value": 12, "min_value": 1},
                            ),
                            23: (
                                "wagtail.blocks.StructBlock",
                                [[("prompt", 7), ("help", 21), ("lines", 22)]],
                                {},
                            ),
                            24: ("wagtail.blocks.ListBlock", (23,), {"max_num": 12, "min_num": 1}),
                            25: (
                                "wagtail.blocks.StructBlock",
                                [[("title", 0), ("intro", 20), ("rows", 24)]],
                                {},
                            ),
                            26: ("wagtail.blocks.CharBlock", (), {"max_length": 250}),
                            27: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"default": 4, "label": "Lines to write on", "max_value": 30, "min_value": 1},
                            ),
                            28: ("wagtail.blocks.StructBlock", [[("label", 26), ("lines", 27)]], {}),
                            29: ("wagtail.blocks.IntegerBlock", (), {"max_value": 240, "min_value": 1}),
                            30: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": [("fixed", "Fixed"), ("adaptable", "Adaptable")]},
                            ),
                            31: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("lay", "The lay tutor leads"),
                                        ("clinical", "The clinical tutor leads"),
                                        ("both", "Both lead"),
                                    ]
                                },
                            ),
                            32: ("wagtail.blocks.TextBlock", (), {"max_length": 600}),
                            33: (
                                "wagtail.blocks.ListBlock",
                                (26,),
                                {"default": [], "label": "What it needs", "min_num": 0},
                            ),
                            34: ("wagtail.blocks.ListBlock", (3,), {"max_num": 12, "min_num": 1}),
                            35: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Words to open with", "max_length": 2000},
                            ),
                            36: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "What to watch for", "max_length": 1500},
                            ),
                            37: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "What may be changed", "max_length": 1500, "required": False},
                            ),
                            38: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 0),
                                        ("minutes", 29),
                                        ("kind", 30),
                                        ("leads", 31),
                                        ("purpose", 32),
                                        ("needs", 33),
                                        ("steps", 34),
                                        ("say", 35),
                                        ("watch_for", 36),
                                        ("adapt", 37),
                                    ]
                                ],
                                {},
                            ),
                            39: ("wagtail.blocks.IntegerBlock", (), {"max_value": 600, "min_value": 1}),
                            40: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"],
                                    "label": "What to have ready",
                                    "required": False,
                                },
                            ),
                            41: (
                                "wagtail.blocks.static_block.StaticBlock",
                                (),
                                {"icon": "user", "label": "Arriving, 10 minutes"},
                            ),
                            42: (
                                "wagtail.blocks.static_block.StaticBlock",
                                (),
                                {"icon": "time", "label": "Break, 20 minutes"},
                            ),
                            43: (
                                "wagtail.blocks.StreamBlock",
                                [[("activity", 38), ("arrive", 41), ("break", 42)]],
                                {"label": "Plan", "max_num": 40, "min_num": 1},
                            ),
                            44: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"],
                                    "label": "When it is over",
                                    "required": False,
                                },
                            ),
                            45: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 0),
                                        ("minutes", 39),
                                        ("before", 40),
                                        ("plan", 43),
                                        ("after", 44),
                                    ]
                                ],
                                {},
                            ),
                        },
                    ),
                ),
            ],
            options={
                "verbose_name": "handbook",
                "verbose_name_plural": "handbooks",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.AlterField(
            model_name="review",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="wagtailcore.page"
            ),
        ),
        migrations.AlterField(
            model_name="reviewcomment",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_comments",
                to="wagtailcore.page",
            ),
        ),
        migrations.AlterField(
            model_name="reviewreminder",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.page"
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="lesson",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="signatures",
                to="wagtailcore.page",
            ),
        ),
        migrations.CreateModel(
            name="HandbookFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField(default=lms.core.clock.now, editable=False)),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="courses.handbookpage",
                    ),
                ),
            ],
        ),
    ]
