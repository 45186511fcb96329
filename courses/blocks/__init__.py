"""What a lesson is made of."""

from .arranging import Order, Sort
from .materials import (
    ConsentedVoice,
    Described,
    Drawing,
    Glossary,
    MaterialChooser,
    Picture,
    ShownRecording,
    ToolSheet,
)
from .practice import ChoiceQuestion, Consultation, Practice, Reflection, Rewrite, Ruler
from .reading import CareCard, Details, DoDont, KeyPoints, Steps, Text, Voice
from .stream import LESSON_BLOCKS

__all__ = [
    "LESSON_BLOCKS",
    "CareCard",
    "ChoiceQuestion",
    "ConsentedVoice",
    "Consultation",
    "Described",
    "Details",
    "DoDont",
    "Drawing",
    "Glossary",
    "KeyPoints",
    "MaterialChooser",
    "Order",
    "Picture",
    "Practice",
    "Reflection",
    "Rewrite",
    "Ruler",
    "ShownRecording",
    "Sort",
    "Steps",
    "Text",
    "ToolSheet",
    "Voice",
]
