"""What the sign-in pages ask about the site."""

from django import template

from lms.people.single_sign_on import provider_of_site

register = template.Library()


@register.simple_tag
def single_sign_on() -> dict | None:
    """Name and address of the site's single sign-on; None where it has none."""
    return provider_of_site()
