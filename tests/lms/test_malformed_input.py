"""Made-up requests to every address of ours: never a broken page. The long run is in tests/drills/."""

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, URLPattern

from lms.core.policy import PUBLIC, policy
from tests.lms.malformed import send_many
from tests.lms.test_doors import world  # noqa: F401

COUNT = 1_000


def test_no_made_up_request_breaks_a_page(world, figure):  # noqa: F811
    sent = send_many(world, count=COUNT, seed=1)

    assert sent.broken == []
    # Many get as far as a page or a form: the run does not only knock at shut doors.
    assert sent.answers[200] > COUNT // 4, sent.answers
    figure(
        "malformed input: answers of 500 and more",
        len(sent.broken),
        "answers",
        bar="= 0",
        note=f"{sent.total} inputs",
    )


def test_a_page_that_breaks_would_be_seen(world, monkeypatch):  # noqa: F811
    """The control: a page that trusts what it is sent."""

    @policy(PUBLIC)
    def trusting(request: HttpRequest, **kwargs) -> HttpResponse:
        return HttpResponse(int(request.GET.get("page", "1")))

    monkeypatch.setattr("django.urls.resolvers.URLPattern.resolve", resolving_to(trusting))

    assert send_many(world, count=100, seed=2).broken != []


def resolving_to(view):
    """A router that leads every address it knows to this view."""
    resolve = URLPattern.resolve

    def to_view(pattern: URLPattern, path: str) -> ResolverMatch | None:
        found = resolve(pattern, path)
        if found is not None:
            found.func = view
        return found

    return to_view
