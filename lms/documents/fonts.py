"""The faces that documents are set in: our own whole, static files, by exact path."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from lms.ui.assets import FACES, Face

WEIGHTS = {"400": "Regular", "700": "Bold"}


@dataclass(frozen=True)
class DocumentFont:
    family: str
    weight: str
    path: Path

    @property
    def url(self) -> str:
        return self.path.as_uri()

    @property
    def rule(self) -> str:
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; '
            f'src: url("{self.url}") format("truetype") }}'
        )


def document_fonts() -> list[DocumentFont]:
    """The faces that `manage.py build_assets` made; where it has not run, the same ones made for this process."""
    made = _fonts_in(Path(settings.ASSETS_ROOT) / "fonts-pdf")
    if all(font.path.is_file() for font in made):
        return made
    return _fonts_in(Path(_own_folder().name))


def _fonts_in(folder: Path) -> list[DocumentFont]:
    fonts = []
    for face in FACES:
        if face.variable:
            fonts += [
                DocumentFont(face.family, weight, folder / f"{face.name}-{name}.ttf")
                for weight, name in WEIGHTS.items()
            ]
        else:
            fonts.append(DocumentFont(face.family, face.weight, folder / f"{face.name}.ttf"))
    return fonts


@cache
def _own_folder() -> TemporaryDirectory:
    """A folder that goes when the process ends, with every face in it. Takes about two seconds."""
    folder = TemporaryDirectory(prefix="document-fonts-")
    for face in FACES:
        for font in _fonts_in(Path(folder.name)):
            if font.family == face.family and (face.variable or font.weight == face.weight):
                _make(face, font)
    return folder


def _make(face: Face, font: DocumentFont) -> None:
    """A static face: widths of a variable one would be read wrongly by those who check the document."""
    if not face.variable:
        font.path.write_bytes(face.source().read_bytes())
        return
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    whole = instancer.instantiateVariableFont(
        TTFont(face.source(), recalcTimestamp=False),
        {"wdth": 100, "wght": int(font.weight)},
        updateFontNames=True,
    )
    whole.save(font.path)
