"""What courses announce. Sent inside the transaction; a receiver that fails makes all of it fail."""

from django.dispatch import Signal

lesson_completed = Signal()  # learner, curriculum_key, completion
curriculum_completed = Signal()  # learner, curriculum_key, enrolment
