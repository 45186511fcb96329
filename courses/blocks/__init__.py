"""What a lesson is made of."""

from .practice import ChoiceQuestion, Consultation, Practice, Reflection, Ruler
from .reading import CareCard, Details, DoDont, KeyPoints, Steps, Text, Voice
from .stream import LESSON_BLOCKS

__all__ = [
    "LESSON_BLOCKS",
    "CareCard",
    "ChoiceQuestion",
    "Consultation",
    "Details",
    "DoDont",
    "KeyPoints",
    "Practice",
    "Reflection",
    "Ruler",
    "Steps",
    "Text",
    "Voice",
]
