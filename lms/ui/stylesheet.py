"""The packaged stylesheet in this site's colours, and the right way round in every script.

Its colours become custom properties, whose values static/css/tokens.css holds; "left" and "right" become "start"
and "end", so that a page in Arabic or Hebrew mirrors by its `dir` alone.
"""

import re

COLOURS = {
    "#212b32": "--ink",
    "#4c6272": "--ink-soft",
    "#768692": "--ink-soft",
    "#d8dde0": "--line",
    "#aeb7bd": "--line-strong",
    "#f0f4f5": "--paper",
    "#ffeb3b": "--focus",
    "#005eb8": "--brand",
    "#004b93": "--brand-dark",
    "#003d78": "--brand-dark",
    "#002f5c": "--brand-darkest",
    "#d9e7f4": "--brand-pale",
    "#c7dcef": "--brand-pale",
    "#330072": "--link-visited",
    "#7c2855": "--link-hover",
    "#007f3b": "--go",
    "#00662f": "--go-dark",
    "#00401e": "--go-darkest",
    "#d5281b": "--alarm",
    "#aa2016": "--alarm-dark",
    "#6b140e": "--alarm-darkest",
    "#fff9c4": "--note",
}
SIDES = {"left": "start", "right": "end"}
FOUR_SIDES = r"(margin|padding):([^\s;{}!()]+) ([^\s;{}!()]+) ([^\s;{}!()]+) ([^\s;{}!()]+)(?=[;}])"


def in_our_look(css: str) -> str:
    """The stylesheet with our colours and without sides."""
    return _without_sides(_recoloured(css))


def _recoloured(css: str) -> str:
    known = re.compile(f"(?:{'|'.join(COLOURS)})(?![0-9a-f])", re.IGNORECASE)

    def ours(declaration: re.Match) -> str:
        if declaration[0].startswith("--"):
            return declaration[0]  # a custom property of theirs keeps what it says
        return known.sub(lambda colour: f"var({COLOURS[colour[0].lower()]})", declaration[0])

    return re.sub(r"(?<=[;{])[a-z-]+:[^;{}]*#[^;{}]*(?=[;}])", ours, css)


def _without_sides(css: str) -> str:
    css = re.sub(
        r"(?<=[;{])(margin|padding|border)-(left|right)(?=[:-])",
        lambda found: f"{found[1]}-inline-{SIDES[found[2]]}",
        css,
    )
    css = re.sub(rf"(?<=[;{{]){FOUR_SIDES}", _around, css)
    css = re.sub(r"(?<=[;{])(left|right):", lambda found: f"inset-inline-{SIDES[found[1]]}:", css)
    css = re.sub(r"(?<=[;{])float:(left|right)", lambda found: f"float:inline-{SIDES[found[1]]}", css)
    return re.sub(r"(?<=[;{])text-align:(left|right)", lambda found: f"text-align:{SIDES[found[1]]}", css)


def _around(found: re.Match) -> str:
    """`padding:top right bottom left`, where right and left differ."""
    what, top, right, bottom, left = found.groups()
    if right == left:
        return found[0]
    return f"{what}-block:{top} {bottom};{what}-inline:{left} {right}"
