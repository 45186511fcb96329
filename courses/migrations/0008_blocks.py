import wagtail.fields
from django.db import migrations

import courses.drawings
import courses.practices


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_pairs")]

    operations = [
        migrations.AlterField(
            model_name="lessonpage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("text", 0),
                    ("key_points", 4),
                    ("do_dont", 5),
                    ("steps", 4),
                    ("details", 8),
                    ("care_card", 10),
                    ("voice", 12),
                    ("voice_record", 14),
                    ("image", 19),
                    ("drawing", 21),
                    ("recording", 23),
                    ("glossary", 26),
                    ("tool_sheet", 32),
                    ("reflection", 36),
                    ("choice", 43),
                    ("sort", 51),
                    ("order", 55),
                    ("rewrite", 61),
                    ("ruler", 62),
                    ("practice", 64),
                    ("consultation", 74),
                ],
                blank=True,
                block_lookup={
                    0: ("courses.blocks.reading.Text", (), {}),
                    1: ("wagtail.blocks.CharBlock", (), {"max_length": 120}),
                    2: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["bold", "italic", "link"], "max_length": 400},
                    ),
                    3: ("wagtail.blocks.ListBlock", (2,), {}),
                    4: ("wagtail.blocks.StructBlock", [[("heading", 1), ("items", 3)]], {}),
                    5: ("wagtail.blocks.StructBlock", [[("do", 4), ("dont", 4)]], {}),
                    6: ("wagtail.blocks.CharBlock", (), {"max_length": 200}),
                    7: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"]},
                    ),
                    8: ("wagtail.blocks.StructBlock", [[("summary", 6), ("text", 7)]], {}),
                    9: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": [("urgent", "Urgent"), ("emergency", "Emergency")]},
                    ),
                    10: ("wagtail.blocks.StructBlock", [[("kind", 9)]], {}),
                    11: ("wagtail.blocks.RichTextBlock", (), {"features": ["bold", "italic", "link"]}),
                    12: ("wagtail.blocks.StructBlock", [[("who", 1), ("text", 11)]], {}),
                    13: (
                        "courses.blocks.materials.MaterialChooser",
                        ("courses.VoiceRecord",),
                        {"label": "Voice"},
                    ),
                    14: ("wagtail.blocks.StructBlock", [[("voice", 13)]], {}),
                    15: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "Picture"}),
                    16: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Read aloud to those who cannot see it.",
                            "label": "What it shows",
                            "max_length": 250,
                            "required": False,
                        },
                    ),
                    17: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {"label": "Only decoration: nobody misses it who cannot see it", "required": False},
                    ),
                    18: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words below it", "max_length": 250, "required": False},
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("image", 15), ("alt", 16), ("decorative", 17), ("caption", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": courses.drawings.drawing_choices, "label": "Drawing"},
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [[("name", 20), ("alt", 16), ("decorative", 17), ("caption", 18)]],
                        {},
                    ),
                    22: (
                        "courses.blocks.materials.MaterialChooser",
                        ("courses.Recording",),
                        {"label": "Recording"},
                    ),
                    23: ("wagtail.blocks.StructBlock", [[("recording", 22)]], {}),
                    24: (
                        "courses.blocks.materials.MaterialChooser",
                        ("courses.GlossaryTerm",),
                        {"label": "Word"},
                    ),
                    25: ("wagtail.blocks.ListBlock", (24,), {"max_num": 12, "min_num": 1}),
                    26: ("wagtail.blocks.StructBlock", [[("terms", 25)]], {}),
                    27: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"], "required": False},
                    ),
                    28: ("wagtail.blocks.TextBlock", (), {"max_length": 300, "required": False}),
                    29: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {"default": 3, "label": "Lines to write on", "max_value": 12, "min_value": 1},
                    ),
                    30: ("wagtail.blocks.StructBlock", [[("prompt", 6), ("help", 28), ("lines", 29)]], {}),
                    31: ("wagtail.blocks.ListBlock", (30,), {"max_num": 12, "min_num": 1}),
                    32: ("wagtail.blocks.StructBlock", [[("title", 1), ("intro", 27), ("rows", 31)]], {}),
                    33: ("wagtail.blocks.TextBlock", (), {"max_length": 500}),
                    34: ("wagtail.blocks.TextBlock", (), {"max_length": 500, "required": False}),
                    35: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "help_text": "Asked for before the lesson counts as done, where the lesson's rule is “answers”.",
                            "required": False,
                        },
                    ),
                    36: (
                        "wagtail.blocks.StructBlock",
                        [[("prompt", 33), ("help", 34), ("required", 35)]],
                        {},
                    ),
                    37: ("wagtail.blocks.TextBlock", (), {"max_length": 600}),
                    38: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {"label": "More than one may be chosen", "required": False},
                    ),
                    39: ("wagtail.blocks.TextBlock", (), {"max_length": 400}),
                    40: ("wagtail.blocks.BooleanBlock", (), {"label": "Helps most here", "required": False}),
                    41: (
                        "wagtail.blocks.StructBlock",
                        [[("text", 39), ("correct", 40), ("feedback", 37)]],
                        {},
                    ),
                    42: ("wagtail.blocks.ListBlock", (41,), {"min_num": 2}),
                    43: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 37), ("multiple", 38), ("required", 35), ("options", 42)]],
                        {},
                    ),
                    44: ("wagtail.blocks.CharBlock", (), {"max_length": 60}),
                    45: ("wagtail.blocks.TextBlock", (), {"max_length": 300}),
                    46: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"help_text": "Why it belongs here. Everybody reads it.", "max_length": 600},
                    ),
                    47: ("wagtail.blocks.StructBlock", [[("text", 45), ("feedback", 46)]], {}),
                    48: (
                        "wagtail.blocks.ListBlock",
                        (47,),
                        {"label": "Lines that belong here", "min_num": 1},
                    ),
                    49: ("wagtail.blocks.StructBlock", [[("name", 44), ("items", 48)]], {}),
                    50: ("wagtail.blocks.ListBlock", (49,), {"max_num": 4, "min_num": 2}),
                    51: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 37), ("groups", 50), ("required", 35)]],
                        {},
                    ),
                    52: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"help_text": "Why it comes here. Everybody reads it.", "max_length": 600},
                    ),
                    53: ("wagtail.blocks.StructBlock", [[("text", 45), ("feedback", 52)]], {}),
                    54: (
                        "wagtail.blocks.ListBlock",
                        (53,),
                        {"label": "Lines, in the order that works", "max_num": 10, "min_num": 3},
                    ),
                    55: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 37), ("items", 54), ("required", 35)]],
                        {},
                    ),
                    56: ("wagtail.blocks.TextBlock", (), {"label": "The sentence", "max_length": 600}),
                    57: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "What to change in it", "max_length": 300},
                    ),
                    58: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Shown beside the learner's own, once that is kept.",
                            "label": "One way to say it",
                            "max_length": 600,
                        },
                    ),
                    59: ("wagtail.blocks.TextBlock", (), {"max_length": 250}),
                    60: ("wagtail.blocks.ListBlock", (59,), {"label": "What to look for", "min_num": 1}),
                    61: (
                        "wagtail.blocks.StructBlock",
                        [[("sentence", 56), ("task", 57), ("model", 58), ("look_for", 60), ("required", 35)]],
                        {},
                    ),
                    62: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 39), ("low_label", 44), ("high_label", 44), ("required", 35)]],
                        {},
                    ),
                    63: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": courses.practices.practice_choices, "label": "What is rehearsed"},
                    ),
                    64: (
                        "wagtail.blocks.StructBlock",
                        [[("practice", 63), ("intro", 7), ("scenario", 7), ("required", 35)]],
                        {},
                    ),
                    65: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["bold", "italic", "link", "ol", "ul"]},
                    ),
                    66: ("wagtail.blocks.CharBlock", (), {"label": "Starts at", "max_length": 60}),
                    67: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "What they do not say aloud", "max_length": 600},
                    ),
                    68: ("wagtail.blocks.BooleanBlock", (), {"required": False}),
                    69: ("wagtail.blocks.CharBlock", (), {"label": "Leads to", "max_length": 60}),
                    70: (
                        "wagtail.blocks.StructBlock",
                        [[("id", 44), ("say", 37), ("technique", 1), ("feedback", 37), ("next", 69)]],
                        {},
                    ),
                    71: ("wagtail.blocks.ListBlock", (70,), {"default": []}),
                    72: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("id", 44),
                                ("says", 37),
                                ("thinks", 67),
                                ("ending", 68),
                                ("debrief", 27),
                                ("choices", 71),
                            ]
                        ],
                        {},
                    ),
                    73: ("wagtail.blocks.ListBlock", (72,), {"min_num": 2}),
                    74: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 1), ("scene", 65), ("start", 66), ("nodes", 73), ("required", 35)]],
                        {},
                    ),
                },
            ),
        ),
    ]
