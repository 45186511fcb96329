from django import template
from django.db.models import Q

from courses.models import ModulePage, Pairing
from courses.queries.drift import Drift, drift_of

register = template.Library()


@register.simple_tag
def drift_for(instance: ModulePage | Pairing) -> Drift | None:
    """How the pair of this module stands; None where it has no partner, or is not saved yet."""
    if instance.pk is None:
        return None
    if isinstance(instance, Pairing):
        return drift_of(instance)
    pairing = Pairing.objects.filter(
        Q(patient_module=instance.pk) | Q(professional_module=instance.pk)
    ).first()
    return drift_of(pairing) if pairing else None
