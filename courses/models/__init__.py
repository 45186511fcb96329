"""What is learned (pages, tied in pairs), and how far somebody has come."""

from .carried import CarriedPage, CarriedPicture
from .copied import NotAsTheOriginal, NotSaidWhy
from .enrolling import CodeUse, EnrolmentList, JoiningCode, ListRow, Offer, Team, TeamMember
from .handbooks import HandbookFile, HandbookPage
from .keeping import Commitment, MonthlySkill, Prompt, PromptSeries, SkillShare
from .materials import GlossaryTerm, Recording, VoiceRecord
from .pages import CurriculumPage, LessonPage, ModulePage
from .pairs import CurriculumPair, LessonPair, LoadedPage, OutlineStamp, Pairing
from .progress import Answer, Enrolment, LessonCompletion, ModuleCompletion, Place
from .signing import ROLE_OF_SIDE, Review, ReviewComment, ReviewReminder, Seat, Side, Signature
from .versions import CourseVersion, LessonEdition, LessonWords, VersionLesson

__all__ = [
    "CarriedPage",
    "CarriedPicture",
    "ROLE_OF_SIDE",
    "Answer",
    "CodeUse",
    "Commitment",
    "CourseVersion",
    "CurriculumPage",
    "CurriculumPair",
    "Enrolment",
    "EnrolmentList",
    "GlossaryTerm",
    "HandbookFile",
    "HandbookPage",
    "JoiningCode",
    "LessonCompletion",
    "LessonEdition",
    "LessonPage",
    "LessonPair",
    "LessonWords",
    "ListRow",
    "LoadedPage",
    "ModuleCompletion",
    "ModulePage",
    "NotAsTheOriginal",
    "NotSaidWhy",
    "MonthlySkill",
    "Offer",
    "OutlineStamp",
    "Pairing",
    "Place",
    "Prompt",
    "PromptSeries",
    "Recording",
    "Review",
    "ReviewComment",
    "ReviewReminder",
    "Seat",
    "Side",
    "Signature",
    "SkillShare",
    "Team",
    "TeamMember",
    "VersionLesson",
    "VoiceRecord",
]
