"""What is installed is locked by hash, comes from wherever the machine looks, and is wanted for a reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["requirements-uv", "requirements", "requirements-dev"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(\[[a-z,-]+\])?==\S+ \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def faults_of_lock(text: str) -> list[str]:
    """Lines with an address, lines that are no pin, and pins without a hash."""
    faults, hashes, pinned = [], 0, ""
    for line in [*text.splitlines(), "end==0 \\"]:
        if "://" in line:
            faults.append(f"address: {line}")
        elif HASH.match(line):
            hashes += 1
        elif line and not line.lstrip().startswith("#"):
            if not PIN.match(line):
                faults.append(f"no pin: {line}")
            if pinned and not hashes:
                faults.append(f"no hash: {pinned}")
            pinned, hashes = line, 0
    return faults


def unexplained(text: str) -> list[str]:
    """Requirements that do not say what they are for."""
    wanted = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", "-c "))]
    return [line for line in wanted if not re.search(r"  # \S+ \S+", line)]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_locked_by_hash_and_names_no_address(name):
    assert faults_of_lock((ROOT / f"{name}.txt").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_says_what_it_is_for(name):
    assert unexplained((ROOT / f"{name}.in").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_in_its_lock(name):
    wanted = {
        re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower()
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-c "))
    }
    locked = {
        match[1] for line in (ROOT / f"{name}.txt").read_text().splitlines() if (match := PIN.match(line))
    }

    assert wanted - locked == set()


def test_both_locks_agree_on_what_they_share():
    def pins(name):
        lines = (ROOT / f"{name}.txt").read_text().splitlines()
        return dict(line.removesuffix(" \\").split("==") for line in lines if PIN.match(line))

    run, dev = pins("requirements"), pins("requirements-dev")

    assert {name: dev[name] for name in run.keys() & dev.keys()} == {
        name: run[name] for name in run.keys() & dev.keys()
    }


def test_the_checks_see_an_address_a_missing_hash_and_a_missing_reason():
    good = "a-name==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via -r requirements.in\n"

    assert faults_of_lock(good) == []
    assert faults_of_lock("--index-url https://example.org/simple\n" + good) == [
        "address: --index-url https://example.org/simple"
    ]
    assert faults_of_lock("bare==1.0 \\\n" + good) == ["no hash: bare==1.0 \\"]
    assert faults_of_lock("loose>=1.0\n" + good) == ["no pin: loose>=1.0", "no hash: loose>=1.0"]
    assert unexplained("# a heading\nDjango  # the framework we use\nsegno\n") == ["segno"]
