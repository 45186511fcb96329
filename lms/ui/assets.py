"""Stylesheet, script and fonts out of the locked packages, made ready to be served from here.

Nothing of theirs is committed. The stylesheet must ask no other host for anything, and carry no typeface that
we may not use; the fonts are cut to what a page needs, so that a first visit stays small.
"""

import gzip
import hashlib
import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms.ui.stylesheet import in_our_look

FONT_STACK = '"Atkinson Hyperlegible","Noto Sans Arabic","Noto Sans Hebrew",arial,sans-serif'
STAMP = ".made.json"
COMPRESSED = {".css", ".js"}

LATIN = "U+0000-017F,U+0218-021B,U+02C6,U+02DA,U+02DC,U+2000-206F,U+2074,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265"
ARABIC = "U+0600-06FF,U+0750-077F,U+0870-088E,U+0890-0891,U+0897-08E1,U+08E3-08FF,U+FB50-FDFF,U+FE70-FEFC"
HEBREW = "U+0590-05FF,U+20AA,U+25CC,U+FB1D-FB4F"


class UnsafeAsset(Exception):
    """A packaged file still points at another host, or at a typeface that is not ours to serve."""


@dataclass(frozen=True)
class Face:
    """One font file of a package, and what becomes of it. A variable one serves both weights."""

    family: str
    name: str
    package: str
    pattern: str
    unicode_range: str
    weight: str
    licence: str

    @property
    def variable(self) -> bool:
        return " " in self.weight

    def source(self) -> Path:
        return _only(package_folder(self.package), self.pattern)

    def licence_file(self) -> Path:
        return _only(package_folder(self.package), self.licence)


FACES = [
    Face(
        "Atkinson Hyperlegible",
        "AtkinsonHyperlegible-Regular",
        "fontpkg_atkinson_hyperlegible",
        "files/*-Regular.ttf",
        LATIN,
        "400",
        "LICENSE",
    ),
    Face(
        "Atkinson Hyperlegible",
        "AtkinsonHyperlegible-Bold",
        "fontpkg_atkinson_hyperlegible",
        "files/*-Bold.ttf",
        LATIN,
        "700",
        "LICENSE",
    ),
    Face(
        "Noto Sans Arabic",
        "NotoSansArabic",
        "justmytype_intl_rtl",
        "fonts/ofl/notosansarabic/*.ttf",
        ARABIC,
        "400 700",
        "fonts/ofl/notosansarabic/OFL.txt",
    ),
    Face(
        "Noto Sans Hebrew",
        "NotoSansHebrew",
        "justmytype_intl_rtl",
        "fonts/ofl/notosanshebrew/*.ttf",
        HEBREW,
        "400 700",
        "fonts/ofl/notosanshebrew/OFL.txt",
    ),
]


def package_folder(name: str) -> Path:
    """Where an installed package lies, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"The package {name} is not installed; ./dev run installs it.")
    return Path(spec.submodule_search_locations[0])


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"Expected one file {pattern} in {folder.name}, found {len(found)}.")
    return found[0]


def clean_stylesheet(css: str) -> str:
    """The stylesheet with our typeface in place of theirs, asking no other host. Raises UnsafeAsset otherwise."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = _without_source_map(css)
    css = re.sub(
        r"""["']?Frutiger W01["']?\s*,\s*arial\s*,\s*sans-serif""", FONT_STACK, css, flags=re.IGNORECASE
    )
    if "frutiger" in css.lower():
        raise UnsafeAsset("The stylesheet still names Frutiger, which only the NHS may use.")
    if "@import" in css.lower():
        raise UnsafeAsset("The stylesheet imports another one.")
    for address in re.findall(r"""url\(\s*["']?([^)"']*)""", css, flags=re.IGNORECASE):
        if not address.lower().startswith(("data:image/", "#")):
            raise UnsafeAsset(f"The stylesheet asks for {address[:80]}, which is not served from here.")
    return css


def clean_script(script: str) -> str:
    return _without_source_map(script)


def _without_source_map(text: str) -> str:
    text = re.sub(r"/\*[#@]\s*sourceMappingURL=.*?\*/", "", text)
    return re.sub(r"^//[#@]\s*sourceMappingURL=.*$", "", text, flags=re.MULTILINE).rstrip() + "\n"


def font_faces() -> str:
    """The @font-face rules. A browser fetches a face only for letters in its range."""
    rule = (
        '@font-face{{font-family:"{0.family}";font-style:normal;font-weight:{0.weight};font-display:swap;'
        'src:url("fonts/{0.name}.woff2") format("woff2");unicode-range:{0.unicode_range}}}\n'
    )
    return "".join(rule.format(face) for face in FACES)


def build(root: Path) -> bool:
    """Make everything under ``root``; answers False when it was there already and nothing was done.

    ``vendor/`` is for browsers, ``fonts-pdf/`` holds whole static faces for documents. The stamp is written
    last, so that a build that was cut short starts again.
    """
    inputs = _fingerprint()
    stamp = root / STAMP
    if _is_made(root, stamp, inputs):
        return False
    stamp.unlink(missing_ok=True)
    for folder in ("vendor", "fonts-pdf"):
        shutil.rmtree(root / folder, ignore_errors=True)
    (root / "vendor" / "fonts").mkdir(parents=True)
    (root / "fonts-pdf").mkdir()

    stylesheet, script = _packaged_frontend()
    css = in_our_look(clean_stylesheet(stylesheet.read_text("utf-8")))
    _write(root / "vendor" / "nhsuk.css", css.encode())
    _write(root / "vendor" / "nhsuk.js", clean_script(script.read_text("utf-8")).encode())
    _write(root / "vendor" / "fonts.css", font_faces().encode())
    for face in FACES:
        _make_fonts(face, root)
        for folder in (root / "vendor" / "fonts", root / "fonts-pdf"):
            shutil.copyfile(face.licence_file(), folder / f"OFL-{face.family.replace(' ', '')}.txt")
    made = {str(path.relative_to(root)): path.stat().st_size for path in _files(root)}
    stamp.write_text(json.dumps({"inputs": inputs, "made": made}, indent=1), "utf-8")
    return True


def _packaged_frontend() -> tuple[Path, Path]:
    static = package_folder("wagtailnhsukfrontend") / "static"
    return _only(static, "**/nhsuk-frontend-*.min.css"), _only(static, "**/nhsuk-frontend-*.min.js")


def _fingerprint() -> str:
    """Changes when a package, or what is done with it here, does."""
    sources = [Path(__file__), Path(__file__).with_name("stylesheet.py"), *_packaged_frontend()]
    sources += [path for face in FACES for path in (face.source(), face.licence_file())]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    return (
        path
        for folder in ("vendor", "fonts-pdf")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    )


def _is_made(root: Path, stamp: Path, inputs: str) -> bool:
    try:
        known = json.loads(stamp.read_text("utf-8"))
        return known["inputs"] == inputs and all(
            (root / name).stat().st_size == size for name, size in known["made"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _write(path: Path, content: bytes) -> None:
    """Write a file, and beside it the compressed ones that WhiteNoise looks for, where they are smaller."""
    path.write_bytes(content)
    if path.suffix not in COMPRESSED:
        return
    import brotli

    for ending, smaller in (
        (".gz", gzip.compress(content, compresslevel=9, mtime=0)),
        (".br", brotli.compress(content)),
    ):
        if len(smaller) < len(content):
            path.with_name(path.name + ending).write_bytes(smaller)


def _make_fonts(face: Face, root: Path) -> None:
    # fontTools takes half a second to import, which a build with nothing to do need not spend.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    def opened() -> TTFont:
        return TTFont(face.source(), recalcTimestamp=False)

    web = opened()
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    options.hinting = not face.variable
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(face.unicode_range.replace("U+", "")))
    cutter.subset(web)
    if face.variable:
        low, high = (int(weight) for weight in face.weight.split())
        instancer.instantiateVariableFont(web, {"wdth": 100, "wght": (low, high)}, inplace=True)
        for name, weight in (("Regular", low), ("Bold", high)):
            whole = instancer.instantiateVariableFont(
                opened(), {"wdth": 100, "wght": weight}, updateFontNames=True
            )
            whole.save(root / "fonts-pdf" / f"{face.name}-{name}.ttf")
    else:
        shutil.copyfile(face.source(), root / "fonts-pdf" / f"{face.name}.ttf")

    web.flavor = "woff2"
    web.save(root / "vendor" / "fonts" / f"{face.name}.woff2")
