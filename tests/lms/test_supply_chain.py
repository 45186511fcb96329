"""What is installed is what was locked, its licences are known, and a known weakness would be found."""

import base64
import hashlib
import json
import os
import re
import socket
import zipfile

import pytest
from packaging.version import Version

from tests import supply_chain
from tests.supply_chain import (
    Locked,
    differences,
    hits,
    installed,
    licences_of,
    of_this_project,
    refused_licences,
)


def versions() -> dict[str, str]:
    return {name: each.version for name, each in installed().items()}


def test_everything_installed_is_locked_with_its_hash_and_nothing_else_is_there(figure):
    faults = differences(of_this_project(), versions())

    assert faults == []
    figure("packages not as locked", len(faults), f"of {len(versions())}", bar="= 0", database="")


def test_a_package_that_nobody_locked_is_found():
    """The negative control, for each way of differing."""
    lock = {
        "django": Locked("5.2.1", ("0" * 64,)),
        "nh3": Locked("1.0", ()),
        "gone": Locked("2.0", ("0" * 64,)),
    }

    assert differences(lock, {"django": "5.2.0", "nh3": "1.0", "evil": "9", "pip": "24.0"}) == [
        "django 5.2.0 is installed, and 5.2.1 is locked",
        "evil 9 is installed and not locked",
        "nh3 is locked without a hash",
        "gone is locked and not installed",
    ]


def test_a_file_that_was_changed_after_it_was_installed_is_found(tmp_path):
    package = tmp_path / "small-1.0.dist-info"
    package.mkdir()
    (tmp_path / "small.py").write_text("print(1)\n")
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"print(1)\n").digest()).rstrip(b"=").decode()
    (package / "RECORD").write_text(f"small.py,sha256={digest},9\nsmall-1.0.dist-info/RECORD,,\n")
    (found,) = supply_chain.distributions(path=[str(tmp_path)])
    before = supply_chain.changed_files(found)
    (tmp_path / "small.py").write_text("print(2)\n")

    assert supply_chain.changed_files(found) == ["small.py"]
    assert before == []


def test_every_licence_is_known_and_allowed():
    refused = {name: refused_licences(licences_of(each)) for name, each in installed().items()}

    assert {name: what for name, what in refused.items() if what} == {}


@pytest.mark.parametrize(
    ("licences", "refused"),
    [
        ([["MIT"]], []),
        ([["GPL-3.0-or-later"]], ["GPL-3.0-or-later"]),
        ([["GPL-2.0-or-later", "MPL-1.1"]], []),  # one is enough
        ([["MIT"], ["AGPL-3.0-only"]], ["AGPL-3.0-only"]),  # both count
        ([["not said"]], ["not said"]),
    ],
)
def test_a_licence_that_is_not_allowed_is_refused(licences, refused):
    assert refused_licences(licences) == refused


def advisory(name: str = "Django", **affected) -> dict:
    return {
        "id": "MADE-UP-1",
        "summary": "A weakness that nobody has",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}],
    }


def between(*events: dict) -> dict:
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


@pytest.mark.parametrize(
    ("record", "is_hit"),
    [
        (advisory(**between({"introduced": "0"}, {"fixed": "5.2.10"})), True),
        (advisory(**between({"introduced": "0"}, {"fixed": "5.2.9"})), False),
        (advisory(**between({"introduced": "5.2.10"})), False),
        (advisory(**between({"introduced": "0"}, {"last_affected": "5.2.9"})), True),
        (advisory(**between({"introduced": "0"}, {"fixed": "4"}, {"introduced": "5"}, {"fixed": "6"})), True),
        (advisory(**between({"introduced": "0"}, {"fixed": "4"}, {"introduced": "6"})), False),
        (advisory(**between({"introduced": "0"}, {"fixed": "no version at all"})), True),
        (advisory(versions=["5.2.9"]), True),
        (advisory(versions=["5.2.90"]), False),
        (advisory(name="django-q2", versions=["5.2.9"]), False),
        (advisory(versions=["5.2.9"]) | {"withdrawn": "2026-01-01"}, False),
        (
            {
                "id": "OTHER",
                "affected": [{"package": {"ecosystem": "npm", "name": "django"}, "versions": ["5.2.9"]}],
            },
            False,
        ),
    ],
)
def test_an_advisory_hits_the_versions_that_it_names(record, is_hit):
    found = hits(iter([record]), {"django": "5.2.9", "wagtail": "7.4"})

    assert found == (["django 5.2.9: MADE-UP-1 A weakness that nobody has"] if is_hit else [])


def test_advisories_are_read_from_a_file_a_folder_and_a_zip(tmp_path):
    one, two = advisory(), advisory(name="wagtail")
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "1.json").write_text(json.dumps(one))
    (folder / "2.json").write_text(json.dumps([two]))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("1.json", json.dumps(one))

    assert list(supply_chain.advisories_in(folder)) == [one, two]
    assert list(supply_chain.advisories_in(tmp_path / "all.zip")) == [one]


def test_an_audit_that_could_not_ask_does_not_say_that_all_is_well(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(supply_chain, "changed_files", lambda package: [])
    skips = {"dependencies": [{"name": "django", "skip_reason": "Dependency not found"}]}
    answer = type("Done", (), {"stdout": json.dumps(skips), "stderr": "No known vulnerabilities found"})
    monkeypatch.setattr(supply_chain.subprocess, "run", lambda *words, **options: answer)
    hit = tmp_path / "hit.json"
    hit.write_text(json.dumps(advisory(**between({"introduced": "0"}))))
    miss = tmp_path / "miss.json"
    miss.write_text(json.dumps(advisory(**between({"introduced": "999"}))))

    codes = [supply_chain.audit(given) for given in ([], [hit], [miss])]

    assert codes == [supply_chain.NOT_ASKED, supply_chain.WRONG, supply_chain.WELL]
    assert "COULD NOT ASK (pip-audit got no answer for 3 of 3 packages)" in capsys.readouterr().out


def test_the_bill_of_materials_names_each_package_and_no_machine():
    bill = supply_chain.sbom()
    named = {supply_chain.canonicalize_name(each["name"]): each for each in bill["components"]}
    wanted = of_this_project()

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert set(wanted) - set(named) == set()
    assert set(named) - set(wanted) <= supply_chain.OF_PYTHON
    for name, lock in wanted.items():
        assert Version(named[name]["version"]) == Version(lock.version)
        assert {digest["content"] for digest in named[name]["hashes"]} == set(lock.hashes) != set()
        assert named[name]["licenses"] and named[name]["purl"].startswith("pkg:pypi/")
    text = json.dumps(bill)
    for private in (str(supply_chain.ROOT), os.path.expanduser("~/"), socket.gethostname(), "file:"):
        assert private not in text or len(private) < 4
    assert not re.search(r"https?://(localhost|127\.|10\.|192\.168\.)", text)
