"""How this site's forms are drawn. The CMS and the Django admin keep Django's own renderer."""

from django.forms.renderers import TemplatesSetting


class PlainRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` come out in this site's components."""

    form_template_name = "forms/fields.html"
    field_template_name = "forms/field.html"
