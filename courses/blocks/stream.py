"""The blocks a lesson's body may hold, by the names that authors and the loader use."""

from wagtail import blocks

from courses.blocks import arranging, materials, practice, reading

LESSON_BLOCKS: list[tuple[str, blocks.Block]] = [
    ("text", reading.Text()),
    ("key_points", reading.KeyPoints()),
    ("do_dont", reading.DoDont()),
    ("steps", reading.Steps()),
    ("details", reading.Details()),
    ("care_card", reading.CareCard()),
    ("voice", reading.Voice()),
    ("voice_record", materials.ConsentedVoice()),
    ("image", materials.Picture()),
    ("drawing", materials.Drawing()),
    ("recording", materials.ShownRecording()),
    ("glossary", materials.Glossary()),
    ("tool_sheet", materials.ToolSheet()),
    ("reflection", practice.Reflection()),
    ("choice", practice.ChoiceQuestion()),
    ("sort", arranging.Sort()),
    ("order", arranging.Order()),
    ("rewrite", practice.Rewrite()),
    ("ruler", practice.Ruler()),
    ("practice", practice.Practice()),
    ("consultation", practice.Consultation()),
]
