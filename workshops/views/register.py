"""The register of one session, made for a phone in a full room."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record_looks
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.once import once
from lms.core.policy import policy
from lms.people.policies import TUTOR
from lms.ui.forms import form_for
from workshops.forms import RegisterForm
from workshops.models import Series, Session
from workshops.queries.needs import answers_at, needs_shown, needs_words
from workshops.queries.roster import marks_in, roster
from workshops.queries.team import series_led_by
from workshops.services.attendance import record_attendance
from workshops.services.needs import record_needs_met_at
from workshops.words import session_words


@policy(TUTOR)
def register(request: HttpRequest, public_id, number: int) -> HttpResponse:
    """Who is here? Marks may be saved as often as one likes, and some left for later."""
    series = get_object_or_404(series_led_by(request.user), public_id=public_id)
    session = _session(series, number)
    bookings = list(roster(series))
    marks = marks_in(session)
    shown = needs_shown(series, bookings)
    needs = needs_words(series, bookings, shown)
    form = form_for(
        request,
        RegisterForm,
        bookings=bookings,
        marks=marks,
        needs=needs,
        answers=answers_at(session, bookings) if needs else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_strangers(request, form)
            return once(request, lambda: _save(request, session, form))
        except RuleBroken as error:
            form.add_rule_broken(error)
    record_looks(
        viewer=request.user,
        seen=[
            (booking.person, seen)
            for booking in bookings
            for seen in (booking, shown.get(booking.pk))
            if seen
        ],
        purpose="marking the register",
    )
    has_begun = session.starts_at <= clock.now()
    is_closed = series.state in (Series.State.CLOSED, Series.State.CANCELLED)
    return render(
        request,
        "workshops/register.html",
        {
            "form": form,
            "series": series,
            "session": session,
            "when": session_words(session),
            "rows": [
                {
                    "field": form[form.key(booking)],
                    "needs": needs.get(booking.pk, ""),
                    "more": [form[f"met_{booking.pk}"], form[f"done_{booking.pk}"]]
                    if booking.pk in needs
                    else [],
                }
                for booking in bookings
            ],
            "marked": sum(1 for booking in bookings if booking.pk in marks),
            "total": len(bookings),
            "has_begun": has_begun,
            "is_closed": is_closed,
            "shows_form": has_begun and bookings and not is_closed,
            "following": number + 1 if number < series.sessions_planned else None,
        },
    )


def _session(series: Series, number: int) -> Session:
    if number > series.sessions_planned:
        raise Http404
    session = get_object_or_404(series.sessions, number=number)
    session.series = series
    return session


def _refuse_strangers(request: HttpRequest, form: RegisterForm) -> None:
    sent = {name for name in request.POST if name.startswith("mark_") and request.POST[name]}
    if not sent <= set(form.fields):
        raise RuleBroken(
            _(
                "Somebody on this page has no place on the series any more. Open the register again, then mark."
            )
        )


def _save(request: HttpRequest, session: Session, form: RegisterForm) -> str:
    marked = record_attendance(session=session, marks=form.marks(), by=request.user)
    record_needs_met_at(session=session, answers=form.answers(), by=request.user)
    messages.success(
        request,
        _("Saved. %(marked)s of %(total)s marked.") % {"marked": marked, "total": len(form.bookings)},
    )
    return reverse("workshops:register", args=[session.series.public_id, session.number])
