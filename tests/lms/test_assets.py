"""The packaged stylesheet, script and fonts are made safe and small before they are served."""

import gzip
import re
from io import StringIO

import brotli
import pytest
from django.core.management import call_command
from fontTools.ttLib import TTFont
from whitenoise.base import WhiteNoise

from lms.ui import assets

FRUTIGER = "@font-face{font-family:Frutiger W01;src:url(https://elsewhere.example/roman.woff2)}"
BODY = "body{font-family:Frutiger W01,arial,sans-serif}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("assets")
    assert assets.build(root) is True
    return root


def test_the_stylesheet_asks_no_other_host_and_names_no_foreign_typeface(made):
    css = (made / "vendor/nhsuk.css").read_text()

    assert ".nhsuk-button" in css
    assert f"font-family:{assets.FONT_STACK}" in css
    assert re.findall(r"https?:|sourceMappingURL|@font-face|@import|frutiger", css, re.IGNORECASE) == []
    assert [
        a for a in re.findall(r"url\(([^)]*)", css) if not a.strip("\"'").startswith(("data:image/", "#"))
    ] == []


def test_the_script_keeps_its_exports_and_loses_its_source_map(made):
    script = (made / "vendor/nhsuk.js").read_text()

    assert "initAll" in script
    assert "sourceMappingURL" not in script


def test_cleaning_takes_out_the_remote_typeface_only():
    css = assets.clean_stylesheet(f"{FRUTIGER}{BODY}.a{{color:red}}\n/*# sourceMappingURL=a.css.map */\n")

    assert css == f"body{{font-family:{assets.FONT_STACK}}}.a{{color:red}}\n"


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        (".a{background:url(https://elsewhere.example/a.png)}", "not served from here"),
        (".a{background:url('//elsewhere.example/a.png')}", "not served from here"),
        ('.a{background:URL( "a.png" )}', "not served from here"),
        ('@import "https://elsewhere.example/a.css";', "imports another"),
        (".a{font-family:Frutiger W01}", "Frutiger"),
    ],
)
def test_a_stylesheet_that_still_reaches_out_is_refused(css, reason):
    with pytest.raises(assets.UnsafeAsset, match=reason):
        assets.clean_stylesheet(css)


def test_pictures_inside_the_stylesheet_may_stay():
    css = '.a{background:url("data:image/svg+xml;utf8,<svg/>")}\n'

    assert assets.clean_stylesheet(css) == css


def test_every_compressed_neighbour_holds_the_same_words(made):
    for plain in (made / "vendor").glob("*.[cj]s*"):
        if plain.suffix in assets.COMPRESSED:
            gz, br = (plain.with_name(plain.name + ending).read_bytes() for ending in (".gz", ".br"))
            assert gzip.decompress(gz) == brotli.decompress(br) == plain.read_bytes()


def test_a_browser_that_accepts_brotli_gets_the_small_file(made):
    served = WhiteNoise(None)
    served.add_files(str(made), prefix="/static/")

    answer = served.files["/static/vendor/nhsuk.css"].get_response(
        "GET", {"HTTP_ACCEPT_ENCODING": "gzip, br"}
    )

    headers = dict(answer.headers)
    assert headers["Content-Encoding"] == "br"
    assert headers["Vary"] == "Accept-Encoding"
    assert int(headers["Content-Length"]) < 25_000


def test_a_first_visit_in_english_stays_small(made):
    sent = [made / "vendor" / name for name in ("nhsuk.css.gz", "nhsuk.js.gz", "fonts.css.gz")]
    sent += (made / "vendor/fonts").glob("Atkinson*.woff2")

    assert sum(path.stat().st_size for path in sent) < 90_000


def test_each_face_has_letters_for_its_range_and_no_others(made):
    letters = {path.stem: set(TTFont(path).getBestCmap()) for path in (made / "vendor/fonts").glob("*.woff2")}

    assert {ord("a"), ord("£"), ord("é"), ord("–"), ord("’")} <= letters["AtkinsonHyperlegible-Regular"]
    assert {ord("س"), ord("پ"), ord("ک")} <= letters["NotoSansArabic"]
    assert {ord("ש"), ord("ל")} <= letters["NotoSansHebrew"]
    assert ord("a") not in letters["NotoSansArabic"] | letters["NotoSansHebrew"]
    rules = (made / "vendor/fonts.css").read_text().splitlines()
    assert [("font-display:swap" in rule, "unicode-range:U+" in rule) for rule in rules] == [(True, True)] * 4


def test_documents_get_whole_faces_in_two_weights(made):
    faces = {path.stem: TTFont(path) for path in (made / "fonts-pdf").glob("*.ttf")}

    assert {
        name: (face["name"].getDebugName(1), face["OS/2"].usWeightClass) for name, face in faces.items()
    } == {
        f"{file}-{style}": (family, weight)
        for file, family in [
            ("AtkinsonHyperlegible", "Atkinson Hyperlegible"),
            ("NotoSansArabic", "Noto Sans Arabic"),
            ("NotoSansHebrew", "Noto Sans Hebrew"),
        ]
        for style, weight in [("Regular", 400), ("Bold", 700)]
    }
    assert not any("fvar" in face for face in faces.values())
    assert all("Open Font License" in path.read_text() for path in (made / "fonts-pdf").glob("OFL-*.txt"))
    assert len(list((made / "fonts-pdf").glob("OFL-*.txt"))) == 3


def test_a_second_build_does_nothing_and_a_lost_file_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FACES", [])  # seconds less
    css = tmp_path / "vendor/nhsuk.css"

    assert [assets.build(tmp_path), assets.build(tmp_path)] == [True, False]

    css.unlink()
    assert assets.build(tmp_path) is True
    assert css.exists()


def test_a_build_that_was_cut_short_starts_again(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FACES", [])
    with monkeypatch.context() as broken:
        broken.setattr(assets, "clean_script", lambda script: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            assets.build(tmp_path)

    assert assets.build(tmp_path) is True


def test_the_command_says_what_it_did(made, settings):
    settings.ASSETS_ROOT = made
    said = StringIO()

    call_command("build_assets", stdout=said)

    assert said.getvalue() == "Assets are up to date.\n"
