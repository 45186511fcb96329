"""What the buttons on a course's own page do: start it, have a break, take it up again, leave it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses.models import CurriculumPage
from courses.queries import outline_of, progress_on
from courses.services import enrol, leave, pause
from lms.core.errors import RuleBroken


def change_standing(request: HttpRequest, page: CurriculumPage) -> HttpResponse:
    """Pressing any of them twice is pressing it once."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    match request.POST.get("do"):
        case "pause":
            return _pause(request, page)
        case "leave":
            leave(learner=request.user, curriculum=page)
            messages.success(
                request,
                _("You left %(course)s. What you did and wrote is kept, and there if you come back.")
                % {"course": page.title},
            )
            return redirect("dashboard")
    enrol(learner=request.user, curriculum=page)
    how_far = progress_on(request.user, outline_of(page))
    messages.success(request, _("You are on this course. Stop and come back whenever you like."))
    return redirect(how_far.next_url or request.path)


def _pause(request: HttpRequest, page: CurriculumPage) -> HttpResponse:
    try:
        pause(learner=request.user, curriculum=page)
    except RuleBroken as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Have a good break. Your place is kept, and nothing will remind you."))
    return redirect(request.path)
