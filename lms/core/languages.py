"""The languages that a site speaks beside its first one."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured


def more_languages(codes: str) -> list[tuple[str, str]]:
    """Languages by their codes ("cy,ur"), with the names they call themselves. Refuses a code that Django does not know."""
    wanted = [code.strip() for code in codes.split(",") if code.strip()]
    unknown = [code for code in wanted if "name_local" not in LANG_INFO.get(code, {})]
    if unknown:
        raise ImproperlyConfigured(f"MORE_LANGUAGES: {', '.join(unknown)} is no language that Django knows.")
    return [(code, LANG_INFO[code]["name_local"]) for code in wanted if code != "en"]


def path_in(path: str, language: str, here: str) -> str:
    """The path of the same page in another language, where this one is read in the language `here`."""
    first = settings.LANGUAGE_CODE
    bare = path.removeprefix(f"/{here}") if here != first and path.startswith(f"/{here}/") else path
    return bare if language == first else f"/{language}{bare}"
