"""Recordings, voices and the glossary in the CMS."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils.decorators import method_decorator
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetChosenView
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.models import GlossaryTerm, Recording, VoiceRecord
from courses.policies import EDITS
from lms.core.policy import policy


@method_decorator(policy(EDITS), name="dispatch")
class ChosenMaterialView(SnippetChosenView):
    """Wagtail asks the database for whatever stands in the address; what is no number of a material is none."""

    def get_object(self, pk):
        try:
            return super().get_object(UUID(pk))
        except ValueError as error:
            raise ObjectDoesNotExist from error


class MaterialChooserViewSet(SnippetChooserViewSet):
    chosen_view_class = ChosenMaterialView


for material in (Recording, VoiceRecord, GlossaryTerm):
    name = f"{material.__name__}ViewSet"
    viewset = type(
        name, (SnippetViewSet,), {"model": material, "chooser_viewset_class": MaterialChooserViewSet}
    )
    register_snippet(viewset)
