"""What can be asked of the courses; each is one transaction."""

from .learning import complete_lesson, enrol, leave, remember_place, save_answer

__all__ = ["complete_lesson", "enrol", "leave", "remember_place", "save_answer"]
