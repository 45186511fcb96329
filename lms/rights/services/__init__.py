"""What people ask of what is held about them, and what time does to it. Each is one transaction, and audited."""

from lms.rights.services.erasure import ask_for_erasure, call_back_erasure, erase, erase_due, refuse_erasure
from lms.rights.services.exports import ask_for_export, make_export, take_export
from lms.rights.services.holds import lift_hold, place_hold
from lms.rights.services.retention import run_retention, set_period

__all__ = [
    "ask_for_erasure",
    "ask_for_export",
    "call_back_erasure",
    "erase",
    "erase_due",
    "lift_hold",
    "make_export",
    "place_hold",
    "refuse_erasure",
    "run_retention",
    "set_period",
    "take_export",
]
