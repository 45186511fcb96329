"""The images that a document's stylesheet may show: our own, by exact path."""

from pathlib import Path

from django.conf import settings


def document_images() -> dict[str, Path]:
    """Images by the name that a stylesheet calls them: `url("{{ images.mark }}")`."""
    return {"mark": Path(settings.BASE_DIR) / "static" / "images" / "favicon.svg"}
