"""The components that page templates are built from. Each is drawn by a template in components/."""

import re
import uuid

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from lms.core import kept
from lms.ui.drawn import gap
from lms.ui.fields import DateParts, Scale, characters
from lms.ui.frame import draw_frame, here

register = template.Library()

BUTTON_KINDS = {"", "secondary", "warning", "quiet"}
TAG_COLOURS = {"green", "blue", "yellow", "orange", "red", "purple", "grey", "white"}


def _draw(component: str, **values) -> SafeString:
    return render_to_string(f"components/{component}.html", values)


def _one_of(known: set[str], given: str, what: str) -> str:
    if given not in known:
        raise template.TemplateSyntaxError(f"{what} is one of {', '.join(sorted(known))}; not {given!r}.")
    return given


# ---------------------------------------------------------------- ways on


@register.simple_tag
def button(text, kind="", name="", value="", type="submit"):
    return _draw(
        "button", text=text, kind=_one_of(BUTTON_KINDS, kind, "kind"), name=name, value=value, type=type
    )


@register.simple_tag
def link_button(text, href, kind=""):
    return _draw("button", text=text, href=href, kind=_one_of(BUTTON_KINDS, kind, "kind"))


@register.simple_block_tag
def button_group(content):
    return format_html('<div class="nhsuk-button-group">{}</div>', content)


@register.simple_tag
def action_link(text, href):
    return _draw("action_link", text=text, href=href)


@register.simple_tag(takes_context=True)
def post_button(context, url, text, kind="", about="", **hidden):
    """One press, one POST. Every other keyword is sent along as a hidden value; None is left out."""
    return _draw(
        "post_button",
        url=url,
        text=text,
        kind=_one_of(BUTTON_KINDS, kind, "kind"),
        about=about,
        hidden={name: value for name, value in hidden.items() if value is not None},
        once=uuid.uuid4(),
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_tag
def back_link(href, text=""):
    return _draw("back_link", href=href, text=text)


@register.simple_tag
def breadcrumbs(*labels_and_addresses):
    """Label, address, label, address … from the outermost page inwards."""
    pairs = zip(labels_and_addresses[::2], labels_and_addresses[1::2], strict=True)
    return _draw("breadcrumbs", items=[{"label": label, "href": href} for label, href in pairs])


@register.simple_tag(takes_context=True)
def pagination(context, page: Page):
    query = context["request"].GET.copy() if "request" in context else None

    def address(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return _draw(
        "pagination",
        page=page,
        previous_href=address(page.previous_page_number()) if page.has_previous() else "",
        next_href=address(page.next_page_number()) if page.has_next() else "",
    )


@register.simple_tag(takes_context=True)
def nav_item(context, name, text, without=""):
    """One place in a list of links; says where we are. Nothing while the place does not exist.

    `without` names a place below it that has a link of its own.
    """
    try:
        href = reverse(name)
        places = f"{href} {reverse(without)}" if without else href
    except NoReverseMatch:
        return ""
    in_frame = context.get("has_gaps")
    current = gap("here", places) if in_frame else here(getattr(context.get("request"), "path", ""), places)
    return format_html('<li><a href="{}"{}>{}</a></li>', href, current, text)


@register.simple_tag(takes_context=True)
def frame(context, template):
    """A part of the frame, drawn once for everybody it is the same for."""
    return draw_frame(template, context)


# ---------------------------------------------------------------- things that hold text


@register.simple_block_tag
def card(content, heading="", href="", size="", caption="", tag="", tag_colour="grey", level=2, about=""):
    return _draw(
        "card",
        body=content,
        heading=heading,
        href=href,
        size=_one_of({"", "big", "small"}, size, "size"),
        caption=caption,
        tag=tag,
        tag_colour=_one_of(TAG_COLOURS, tag_colour, "tag_colour"),
        level=level,
        about=about,
    )


@register.simple_block_tag
def cards(content, two=False):
    return format_html('<div class="cards{}">{}</div>', " cards--two" if two else "", content)


@register.simple_block_tag
def inset(content):
    return _draw("inset", body=content)


@register.simple_block_tag
def details(content, summary, open=False):
    return _draw("details", body=content, summary=summary, open=open)


@register.simple_block_tag
def care_card(content, kind, heading, level=2):
    kind = _one_of({"emergency", "urgent", "non-urgent"}, kind, "kind")
    return _draw("care_card", body=content, kind=kind, heading=heading, level=level)


@register.simple_tag(takes_context=True)
def crisis_card(context, level=2):
    return _draw("crisis_card", crisis=context.get("crisis"), level=level)


@register.simple_block_tag
def warning_callout(content, heading, level=2):
    return _draw("warning_callout", body=content, heading=heading, level=level)


@register.simple_block_tag
def key_points(content, heading="", level=2):
    return _draw("key_points", body=content, heading=heading, level=level)


@register.simple_block_tag
def steps(content):
    return _draw("steps", body=content)


@register.simple_block_tag
def do_list(content, heading="", level=3):
    return _draw("do_dont", body=content, heading=heading, level=level, kind="do")


@register.simple_block_tag
def dont_list(content, heading="", level=3):
    return _draw("do_dont", body=content, heading=heading, level=level, kind="dont")


@register.simple_block_tag
def panel(content, title):
    return _draw("panel", body=content, title=title)


@register.simple_block_tag
def empty_state(content, heading, href="", action="", level=2):
    return _draw("empty_state", body=content, heading=heading, href=href, action=action, level=level)


@register.simple_block_tag
def table(content, caption, hide_caption=False):
    return _draw(
        "table",
        body=content,
        caption=caption,
        hide_caption=hide_caption,
        stacks="data-label=" in content,
        id=f"table-{slugify(caption, allow_unicode=True)[:40] or uuid.uuid4().hex[:8]}",
    )


@register.simple_block_tag
def summary_list(content):
    return format_html('<dl class="nhsuk-summary-list">{}</dl>', content)


@register.simple_block_tag
def summary_row(content, key, href="", action=""):
    return _draw("summary_row", key=key, body=content, href=href, action=action)


# ---------------------------------------------------------------- small signs


@register.simple_tag
def tag(text, colour="grey"):
    return _draw("tag", text=text, colour=_one_of(TAG_COLOURS, colour, "colour"))


@register.simple_tag
def progress(done, total, text=""):
    return _draw("progress", done=done, total=total, text=text)


@register.simple_tag
def icon(name):
    return _draw("icon", name=_one_of({"tick", "cross", "arrow"}, name, "icon"))


@register.simple_tag
def write_lines(count=3):
    return format_html(
        '<div class="write-lines" aria-hidden="true">{}</div>', mark_safe("<span></span>" * int(count))
    )


# ---------------------------------------------------------------- forms


@register.simple_tag(takes_context=True)
def render_form(
    context,
    form,
    button="",
    action="",
    method="post",
    kind="",
    second="",
    second_name="second",
    cancel="",
    cancel_text="",
):
    """The whole form: key, hidden fields, what is amiss, the fields, the button."""
    return _form(
        context,
        form,
        fields=None,
        button=button,
        action=action,
        method=method,
        kind=kind,
        second=second,
        second_name=second_name,
        cancel=cancel,
        cancel_text=cancel_text,
    )


@register.simple_block_tag(takes_context=True)
def form_block(
    context,
    content,
    form,
    button="",
    action="",
    method="post",
    kind="",
    second="",
    second_name="second",
    cancel="",
    cancel_text="",
):
    """As render_form, with the visible fields laid out by the page."""
    return _form(
        context,
        form,
        fields=content,
        button=button,
        action=action,
        method=method,
        kind=kind,
        second=second,
        second_name=second_name,
        cancel=cancel,
        cancel_text=cancel_text,
    )


def _form(context, form, **values):
    is_post = _one_of({"get", "post"}, values["method"], "method") == "post"
    if not is_post:
        form.mark_optional = False
    hidden = [field for field in form.hidden_fields() if is_post or field.name != "once"]
    return _draw(
        "form",
        form=form,
        hidden=hidden,
        csrf_token=context.get("csrf_token", ""),
        whose=whose_field(context) if is_post else "",
        **values,
    )


@register.simple_tag(takes_context=True)
def whose_field(context) -> SafeString:
    """For a form into which people write: for whom it was drawn, so that nobody else is shown it (lms.core.kept)."""
    mark = kept.whose_mark(context.get("user"))
    return format_html('<input type="hidden" name="{}" value="{}">', kept.FIELD, mark)


@register.simple_tag
def draw_field(field: BoundField, hint=None):
    """One field of any form, ours or a package's; `hint` stands in place of its help text ("" for none)."""
    if hint is not None:
        field.help_text = hint
    return render_to_string("forms/field.html", {"field": field})


@register.simple_tag
def error_summary(form):
    return _draw("error_summary", form=form)


@register.filter
def first_box(field: BoundField) -> str:
    """The id that a link to the field goes to: its box, or the first of its boxes."""
    if kind_of(field) in ("radios", "checkboxes", "scale", "date"):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def kind_of(field: BoundField) -> str:
    """Which template in forms/ draws the field."""
    kinds = (
        (DateParts, "date"),
        (Scale, "scale"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.Select, "select"),
        (forms.CheckboxInput, "checkbox"),
        (forms.PasswordInput, "password"),
        (forms.Textarea, "textarea"),
    )
    widget = field.field.widget
    return next((name for kind, name in kinds if isinstance(widget, kind)), "text")


@register.filter
def template_of(field: BoundField) -> str:
    return f"forms/{kind_of(field)}.html"


@register.simple_tag
def box(field: BoundField, css="nhsuk-input", more_css="", **attrs):
    """The field's own input, with our classes and the attributes that tie hint and error to it."""
    # A placeholder goes away as soon as one types, and looks like an answer before: label and hint say it.
    field.field.widget.attrs.pop("placeholder", None)
    classes = [css, more_css, field.field.widget.attrs.get("class", "")]
    if field.errors:
        classes.append(f"{css}--error")
    if css == "nhsuk-input" and getattr(field.field, "width", None):
        classes.append(f"nhsuk-input--width-{field.field.width}")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes)), **attrs})


@register.simple_tag
def option_box(option: BoundWidget, css, hint):
    """One radio button or tick box of a group."""
    attrs = {
        name: value
        for name, value in option.data["attrs"].items()
        if name not in ("class", "aria-describedby")
    }
    if hint:
        attrs["aria-describedby"] = f"{option.id_for_label}_hint"
    return format_html(
        '<input class="{}" type="{}" name="{}" value="{}"{}>',
        css,
        option.data["type"],
        option.data["name"],
        option.data["value"],
        flatatt(attrs),
    )


@register.filter
def has_error(attrs: dict) -> bool:
    """Whether the attributes of a widget say that something is amiss with it."""
    return attrs.get("aria-invalid") == "true"


@register.filter
def hint_for(option, field: BoundField) -> str:
    """The line of help below one answer of a group, if it has one."""
    hints = getattr(field.field.widget, "hints", {})
    return hints.get(str(option.data["value"]), "")


@register.filter
def most_characters(field: BoundField) -> str:
    return characters(field.field.max_length)


@register.filter
def spoken(text) -> str:
    """A text without its mark-up, for an attribute."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", str(text))).strip()
