"""Every component, drawn once: tied labels, one first heading, nothing inline, and colours that can be read."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory

from lms.ui.guide import guide_context
from lms.ui.stylesheet import in_our_look

HOSTILE = '"><script>alert(1)</script>'
CSS = settings.BASE_DIR / "static" / "css"
JS = settings.BASE_DIR / "static" / "js"


class Page(HTMLParser):
    """What a page holds, as (tag, attributes)."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, *tags):
        return [attrs for tag, attrs in self.found if tag in tags]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]


def guide(**kwargs) -> str:
    request = RequestFactory().get("/about/components/")
    return render_to_string("components/guide.html", {**guide_context(**kwargs), "request": request})


def draw(source: str, **values) -> str:
    return Template("{% load ui_tags %}" + source).render(Context(values))


@pytest.mark.parametrize(
    "sent", [None, {}, {"words": HOSTILE, "more": HOSTILE, "day_day": HOSTILE, "start": HOSTILE}]
)
def test_every_box_has_a_label_and_every_reference_a_place(sent):
    page = Page(guide(sent=sent))
    labelled = {attrs["for"] for attrs in page.all("label")}
    boxes = [a for a in page.all("input", "select", "textarea") if a.get("type") != "hidden"]

    assert len(boxes) > 30
    assert [a["id"] for a in boxes if a["id"] not in labelled] == []
    assert len(page.ids) == len(set(page.ids))
    for _tag, attrs in page.found:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            assert set((attrs.get(name) or "").split()) <= set(page.ids), attrs
    assert len(page.all("h1")) == 1


def test_the_summary_of_what_is_amiss_leads_to_each_box():
    html = guide(sent={"words": "x" * 134})
    page = Page(html)
    links = [a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#id_")]

    assert "<title>Error: Components" in html
    assert links == [
        "id_words", "id_email", "id_audience_0", "id_before_0", "id_day_0", "id_start", "id_places", "id_confidence_0",
        "id_agree",
    ]  # fmt: skip
    assert set(links) <= set(page.ids)
    words = next(a for a in page.all("input") if a.get("id") == "id_words")
    assert words["aria-invalid"] == "true"
    assert words["aria-describedby"] == "id_words_helptext id_words_error"


def test_nothing_is_inline_and_what_was_typed_is_only_text():
    html = guide(sent={"words": HOSTILE, "more": HOSTILE, "day_day": HOSTILE, "places": HOSTILE})

    assert "<script>alert" not in html
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=", html) == []


def test_components_draw_what_they_are_given_as_text():
    html = draw(
        "{% card heading=bad href='#' tag=bad caption=bad %}{{ bad }}{% endcard %}"
        "{% post_button '/x/' bad about=bad topic=bad %}{% details bad %}{% enddetails %}"
        "{% summary_row bad %}{{ bad }}{% endsummary_row %}{% tag bad 'green' %}{% progress 1 2 text=bad %}"
        "{% breadcrumbs bad '/' %}{% link_button bad '/' %}{% table bad %}{% endtable %}",
        bad=HOSTILE,
    )

    assert "<script" not in html


def test_a_one_press_form_sends_its_key_and_its_values():
    page = Page(draw("{% post_button '/leave/' 'Leave' topic=3 nothing=None %}", csrf_token="secret"))
    sent = {a["name"]: a["value"] for a in page.all("input")}

    assert page.all("form") == [{"class": "post-button", "method": "post", "action": "/leave/"}]
    assert sent["topic"] == "3"
    assert sent["csrfmiddlewaretoken"] == "secret"
    assert re.fullmatch(r"[0-9a-f-]{36}", sent["once"])
    assert "nothing" not in sent


def test_a_filter_is_a_plain_question_without_key():
    context = guide_context()

    html = draw(
        "{% render_form form method='get' button='Show' %}", form=context["filters"], csrf_token="secret"
    )

    assert "once" not in html
    assert "secret" not in html
    assert "optional" not in html


def test_a_kind_that_does_not_exist_is_refused_when_the_page_is_drawn():
    with pytest.raises(TemplateSyntaxError, match="kind is one of"):
        draw("{% button 'Save' kind='loud' %}")


def test_pages_of_a_list_keep_the_rest_of_the_question():
    request = RequestFactory().get("/workshops/", {"near": "Leeds & York", "page": "2"})
    page = guide_context()["page_of_many"]

    html = draw("{% pagination page %}", page=page, request=request)

    assert 'href="?near=Leeds+%26+York&amp;page=1"' in html
    assert 'href="?near=Leeds+%26+York&amp;page=3"' in html
    assert "Page 2 of 3" in html


# ---------------------------------------------------------------- colours, sides, weight

TOKENS = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", (CSS / "tokens.css").read_text()))
TEXT_ON = [
    ("--ink", "--paper"), ("--ink", "--surface"), ("--ink", "--note"), ("--ink", "--focus"), ("--ink", "--brand-pale"),
    ("--ink-soft", "--paper"), ("--ink-soft", "--surface"),
    ("--brand", "--paper"), ("--brand", "--surface"), ("--brand", "--note"),
    ("--link-visited", "--paper"), ("--link-hover", "--paper"), ("--link-hover", "--surface"),
    ("--plum", "--surface"), ("--plum", "--plum-pale"), ("--brand-dark", "--brand-pale"),
    ("--alarm", "--paper"), ("--alarm", "--surface"),
    ("--surface", "--brand"), ("--surface", "--brand-dark"), ("--surface", "--plum"), ("--surface", "--go"),
    ("--surface", "--go-dark"), ("--surface", "--alarm"), ("--surface", "--alarm-dark"),
]  # fmt: skip


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, success criterion 1.4.3: the ratio of relative luminances."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_itself():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


def test_a_packaged_stylesheet_takes_our_colours_and_has_no_sides():
    css = ":root{--nhsuk-x:#005eb8}.a{color:#005eb8;border-left:1px solid #fff;padding:1px 2px 3px 4px;left:0;float:right}"

    assert in_our_look(css) == (
        ":root{--nhsuk-x:#005eb8}.a{color:var(--brand);border-inline-start:1px solid #fff;"
        "padding-block:1px 3px;padding-inline:4px 2px;inset-inline-start:0;float:inline-end}"
    )


def test_every_colour_that_is_named_exists_and_our_own_styles_name_no_side():
    own = "".join(path.read_text() for path in CSS.glob("*.css"))
    from_package = in_our_look(
        "".join(f".a{{color:{colour}}}" for colour in ("#005eb8", "#212b32", "#d5281b", "#ffeb3b"))
    )

    named = set(re.findall(r"var\((--[a-z-]+)\)", own + from_package))
    defined = set(re.findall(r"(--[a-z-]+):", own))

    assert named <= defined
    assert (
        re.findall(r"(?:margin|padding)-(?:left|right)|text-align: (?:left|right)|float: (?:left|right)", own)
        == []
    )


def test_the_styles_and_scripts_of_every_page_stay_light():
    frame = [CSS / name for name in ("tokens.css", "site.css", "print.css")]

    assert sum(path.stat().st_size for path in frame) < 26_000
    assert sum((JS / name).stat().st_size for name in ("main.js", "error_summary.js", "menus.js")) < 2_000
    # And what a page brings for itself: no page has two of these that are large.
    assert max(path.stat().st_size for path in JS.glob("*.js")) < 6_000
