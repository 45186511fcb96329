"""What a person is known by, to find what is theirs where no key points to them."""

from allauth.account.models import EmailAddress

from lms.people.models import User


def addresses_of(person: User) -> list[str]:
    """Every email address of the person, confirmed or not, and the sign-in name of somebody who has none."""
    kept = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return sorted({known.lower() for known in [person.email, person.sign_in_name, *kept] if known})
