"""Nothing of courses is shared over a care tie: answers and reflections are their writer's alone."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from courses.services.teams import leave_every_team
from lms.audit.models import register_words
from lms.rights.registry import CLEAR, DELETE, KEEP, classify, nobodys
from lms.rights.services.retention import Due, Over, register_due
from lms.rights.steps import before_erasure


def _lesson_title(row) -> str:
    """What the lesson of this row is called; its key, where the lesson is no longer there."""
    from courses.models import LessonPage

    lesson = LessonPage.objects.filter(translation_key=row.lesson_key).only("title").first()
    return lesson.title if lesson else str(row.lesson_key)


def _answer_in_words(row) -> tuple:
    from courses.queries.journal import answer_in_words

    return answer_in_words(row)


def _module_title(row) -> str:
    from courses.models import ModulePage

    module = ModulePage.objects.filter(translation_key=row.module_key).only("title").first()
    return module.title if module else str(row.module_key)


def _programme_title(row) -> str:
    from courses.models import CurriculumPage

    curriculum = CurriculumPage.objects.filter(translation_key=row.curriculum_key).only("title").first()
    return curriculum.title if curriculum else str(row.curriculum_key)


for model, fields, links in (
    (
        "CurriculumPage",
        "audience strapline who_for how_long what_you_do hours needed_modules opens_in_order",
        "page_ptr start_here adapted_from",
    ),
    (
        "ModulePage",
        "number status purpose outcomes shared_moment optional needed_lessons",
        "page_ptr adapted_from",
    ),
    (
        "LessonPage",
        "minutes open_to_visitors completion body pass_mark optional change fixed adaptation words_digest",
        "page_ptr adapted_from",
    ),
    ("HandbookPage", "readers audience purpose body words_digest", "page_ptr"),
    ("HandbookFile", "id digest content made_at", "page"),
    (
        "Pairing",
        "id number moment together patient_does professional_does reviewed_at reviewed_words",
        "patient_module professional_module reviewed_by",
    ),
    ("CurriculumPair", "id together", "patient_curriculum professional_curriculum"),
    ("LessonPair", "id moment", "pairing patient_lesson professional_lesson"),
    ("OutlineStamp", "id stamp", "curriculum"),
    ("LoadedPage", "id digest revision_number", "page"),
    ("CarriedPage", "id digest revision_number", "page"),
    ("CarriedPicture", "id name", "image"),
    ("CourseVersion", "id curriculum_key number title audience hours facts digest made_at", ""),
    ("LessonWords", "id digest content", ""),
    (
        "VersionLesson",
        "id position module_key module_title lesson_key title minutes rule optional revision_number",
        "version words",
    ),
    ("LessonEdition", "id revision_number change published_at", "lesson"),
    ("ReviewReminder", "id created_at next_review_on", "lesson"),
    ("Recording", "id language title kind seconds file captions transcript", ""),
    ("GlossaryTerm", "id language term explanation", ""),
):
    nobodys(f"courses.{model}", why="What is taught, the same for everybody.", plain=fields, link=links)

nobodys(
    "courses.VoiceRecord",
    why="Words that somebody gave to the course, under the name they chose, with the day of their consent. No account.",
    plain="id language who words given_on how shown_until withdrawn_on",
)

classify(
    "courses.Enrolment",
    whose="learner",
    label=_("Programmes you began"),
    erase=DELETE,
    retention="training",
    record="curriculum_key created_at completed_at how paused_at left_at",
    link="learner version completed_version",
    plain="id public_id",
    shown={"curriculum_key": _programme_title},
    labels={
        "curriculum_key": _("Programme"),
        "created_at": _("Began"),
        "completed_at": _("Completed"),
        "how": _("How you began"),
        "paused_at": _("Paused"),
        "left_at": _("Left"),
    },
)
classify(
    "courses.LessonCompletion",
    whose="enrolment__learner",
    label=_("Lessons you did"),
    erase=DELETE,
    retention="training",
    record="rule completed_at lesson_key reason",
    link="enrolment revision marked_by",
    plain="id revision_number",
    shown={"lesson_key": _lesson_title},
    labels={
        "rule": _("Counts as done when"),
        "completed_at": _("Done"),
        "lesson_key": _("Lesson"),
        "reason": _("Why it was marked as done for you"),
    },
)
classify(
    "courses.ModuleCompletion",
    whose="enrolment__learner",
    label=_("Modules you did"),
    erase=DELETE,
    retention="training",
    record="completed_at module_key",
    link="enrolment",
    plain="id needed",
    shown={"module_key": _module_title},
    labels={"completed_at": _("Done"), "module_key": _("Module")},
)
classify(
    "courses.Answer",
    whose="enrolment__learner",
    label=_("What you wrote in lessons"),
    erase=DELETE,
    retention="health",
    health="value",
    record="kind updated_at lesson_key",
    link="enrolment",
    plain="id block_id revision_number",
    shown={"lesson_key": _lesson_title, "value": _answer_in_words},
    labels={
        "value": _("What you wrote or chose"),
        "kind": _("Kind"),
        "updated_at": _("When"),
        "lesson_key": _("Lesson"),
    },
)
classify(
    "courses.Place",
    whose="enrolment__learner",
    label=_("Where you go on"),
    erase=DELETE,
    retention="training",
    record="updated_at lesson_key",
    link="enrolment",
    plain="id block_id",
    shown={"lesson_key": _lesson_title},
    labels={"updated_at": _("When"), "lesson_key": _("Lesson")},
)

# ---------------------------------------------------------------- practice that sticks, and who looks at progress

register_words(
    things={
        "courses.enrolment": _("How far you have come in a course"),
        "courses.lessoncompletion": _("A lesson that you did"),
    },
    acts={"marked lesson as done": _("marked a lesson as done for you.")},
    purposes={
        "progress report": _("They opened the list of who has done what"),
        "progress report as a file": _("They saved the list of who has done what"),
        "progress of one learner": _("They opened what you have done of a course"),
    },
)
classify(
    "courses.PromptSeries",
    whose="enrolment__learner",
    label=_("Reminders you chose"),
    erase=DELETE,
    retention="training",
    record="created_at begins_on module_key stopped_at",
    link="enrolment",
    plain="id public_id",
    shown={"module_key": lambda row: _module_title(row) if row.module_key else _("The whole course")},
    labels={
        "created_at": _("Chosen"),
        "begins_on": _("From"),
        "module_key": _("Of"),
        "stopped_at": _("Stopped"),
    },
)
classify(
    "courses.Prompt",
    whose="series__enrolment__learner",
    label=_("Reminders that were sent"),
    erase=DELETE,
    retention="training",
    record="created_at week",
    sealed="stop_hash",
    link="series",
    plain="id",
    labels={"created_at": _("Sent"), "week": _("Weeks after you chose them")},
)
classify(
    "courses.Commitment",
    whose="learner",
    label=_("What you wanted to use in a visit"),
    erase=DELETE,
    retention="health",
    health="words",
    record="created_at visit_on asked_at used ended_at",
    link="learner enrolment",
    plain="id public_id",
    labels={
        "words": _("In your words"),
        "created_at": _("Written"),
        "visit_on": _("The visit"),
        "asked_at": _("When we asked how it went"),
        "used": _("Whether you used it"),
        "ended_at": _("Ended"),
    },
)
classify(
    "courses.MonthlySkill",
    whose="picked_by",
    label=_("Skills of the month you picked for a team"),
    erase=KEEP,
    why=_("The team goes on with it. You stand in it as a number."),
    retention="training",
    record="created_at month lesson_key",
    link="team picked_by",
    plain="id public_id",
    shown={"lesson_key": _lesson_title},
    labels={"created_at": _("Picked"), "month": _("Month"), "lesson_key": _("Lesson")},
)
classify(
    "courses.SkillShare",
    whose="person",
    label=_("Skills of the month you were told of"),
    erase=DELETE,
    retention="training",
    record="created_at tried_at",
    link="skill person",
    plain="id",
    labels={"created_at": _("Told"), "tried_at": _("You said that you tried it")},
)

# ---------------------------------------------------------------- ways onto a course

STAYS = _("It belongs to its organisation. You stand in it as a number.")

register_words(
    things={"courses.teammember": _("That you are in a team"), "courses.team": _("A team you are in")},
    acts={
        "enrolled": _("put you on a course."),
        "made team": _("made you the lead of a team."),
        "took out of team": _("took you out of a team. The course stays yours."),
    },
)
classify(
    "courses.Team",
    whose="lead made_by",
    label=_("Teams you lead or made"),
    erase=KEEP,
    why=STAYS,
    retention="training",
    record="created_at name curriculum_key sponsor",
    link="organisation lead made_by",
    plain="id public_id",
    shown={"curriculum_key": _programme_title},
    labels={
        "created_at": _("Made"),
        "name": _("Team"),
        "curriculum_key": _("Programme"),
        "sponsor": _("Who stands behind the team"),
    },
)
classify(
    "courses.TeamMember",
    whose="person",
    label=_("Teams you learned with"),
    erase=DELETE,
    retention="training",
    record="created_at left_at",
    link="team person",
    plain="id",
    shown={"team": lambda row: row.team.name},
    labels={"team": _("Team"), "created_at": _("Joined"), "left_at": _("Left")},
)
classify(
    "courses.JoiningCode",
    whose="made_by",
    label=_("Codes you made"),
    erase=KEEP,
    why=STAYS,
    retention="training",
    record="created_at curriculum_key most_uses uses expires_at revoked_at",
    link="organisation team made_by",
    plain="id public_id code_hash",  # a digest: it opens nothing
    shown={"curriculum_key": _programme_title},
    labels={
        "created_at": _("Made"),
        "curriculum_key": _("Programme"),
        "most_uses": _("For how many people"),
        "uses": _("Used by"),
        "expires_at": _("Works until"),
        "revoked_at": _("Called back"),
    },
)
classify(
    "courses.CodeUse",
    whose="person",
    label=_("Codes you used"),
    erase=DELETE,
    retention="training",
    record="created_at",
    link="code person",
    plain="id",
    labels={"created_at": _("Used")},
)
classify(
    "courses.Offer",
    whose="accepted_by",
    addressed="email",
    label=_("Courses and teams offered to you"),
    erase=DELETE,
    retention="invitations",
    contact="email",
    record="created_at curriculum_key accepted_at ended_at",
    link="organisation team offered_by accepted_by",
    plain="id public_id",
    shown={"curriculum_key": _programme_title},
    labels={
        "email": _("Offered at"),
        "created_at": _("Offered"),
        "curriculum_key": _("Programme"),
        "accepted_at": _("You said yes"),
        "ended_at": _("Ended"),
    },
)
classify(
    "courses.EnrolmentList",
    whose="uploaded_by",
    label=_("Lists of people you sent"),
    erase=KEEP,
    why=STAYS,
    retention="training",
    record="created_at curriculum_key finished_at",
    link="organisation uploaded_by",
    plain="id public_id",
    shown={"curriculum_key": _programme_title},
    labels={"created_at": _("Sent"), "curriculum_key": _("Programme"), "finished_at": _("Done")},
)
classify(
    "courses.ListRow",
    addressed="email",
    label=_("Lists you stood on"),
    erase=DELETE,
    retention="invitations",
    contact="email",
    record="outcome curriculum_key reason",
    link="list",
    plain="id number",
    shown={"curriculum_key": lambda row: _programme_title(row) if row.curriculum_key else ""},
    labels={
        "email": _("Address"),
        "outcome": _("What became of it"),
        "curriculum_key": _("Programme"),
        "reason": _("Why it was left out"),
    },
)


def _over(over: Over) -> Iterator[Due]:
    """What was offered and not taken up, and the addresses of lists, once they are old."""
    from courses.models import ListRow, Offer

    yield Due("invitations", over("invitations", Offer, "created_at", accepted_at=None))
    yield Due("invitations", over("invitations", ListRow, "list__created_at"))


register_due("courses: ways onto a course", _over)
before_erasure(35, "teams", leave_every_team)

# Who asked for signatures, who gave them, and what was said on the way.
classify(
    "courses.Review",
    whose="asked_by",
    label=_("Reviews of lessons you asked for"),
    erase=KEEP,
    why=_("That a lesson was reviewed, and when. Your name no longer stands beside it."),
    retention="training",
    record="created_at over_at publish_when_signed",
    link="lesson revision asked_by",
    plain="id revision_number digest",
    labels={"created_at": _("Asked"), "over_at": _("Over"), "publish_when_signed": _("Publish once signed")},
)
classify(
    "courses.Seat",
    whose="reviewer",
    label=_("Lessons you were asked to review"),
    erase=DELETE,
    retention="training",
    record="created_at side",
    link="review reviewer",
    plain="id public_id",
    labels={"created_at": _("Asked"), "side": _("As")},
)
classify(
    "courses.Signature",
    whose="reviewer",
    label=_("Lessons you signed, or asked to change"),
    erase=CLEAR,
    clear="words",
    why=_("That two people stood behind a lesson's words, and when. Your name no longer stands beside it."),
    retention="training",
    identity="profession",
    record="signed_at lesson_title side verdict words next_review_on",
    link="lesson reviewer",
    plain="id revision_number digest",
    labels={
        "profession": _("Your profession, as you gave it"),
        "signed_at": _("When"),
        "lesson_title": _("Lesson"),
        "side": _("As"),
        "verdict": _("What you said"),
        "words": _("What should change"),
        "next_review_on": _("To be looked at again"),
    },
)
classify(
    "courses.ReviewComment",
    whose="by",
    label=_("Comments you made on lessons"),
    erase=CLEAR,
    clear="text",
    why=_("That something was said of a lesson. Your words and your name are taken away."),
    retention="training",
    record="created_at text",
    link="lesson by answers",
    plain="id block_id revision_number",
    labels={"created_at": _("When"), "text": _("Your comment")},
)
