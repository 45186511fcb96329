"""What the site is made of, and whether that is what was locked. `./dev audit` and `./dev sbom` run it.

python -m tests.supply_chain audit [--advisories FILE …]     exit code 0: all asked, all well; 1: something is wrong;
                                                             3: nothing is wrong, and the known weaknesses could not be asked for
python -m tests.supply_chain sbom FILE                       CycloneDX JSON
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements-uv.txt", "requirements.txt", "requirements-dev.txt"]
OF_PYTHON = {"pip", "setuptools"}  # they come with the environment, and are not of the site
WELL, WRONG, NOT_ASKED = 0, 1, 3

# Licences under which the site may be handed on as it is. LGPL and MPL: used unchanged, as packages of their own.
ALLOWED = {
    "0BSD", "Apache-2.0", "Artistic-1.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL", "LGPL-3.0-only", "MIT", "MIT-0",
    "MIT-CMU", "MPL-1.1", "MPL-2.0", "OFL-1.1", "PSF-2.0",
}  # fmt: skip
CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "Artistic License": "Artistic-1.0",
    "BSD License": "BSD",
    "GNU General Public License (GPL)": "GPL",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Packages whose metadata name none: what the licence file in them says.
IN_THEIR_FILE = {"wagtail-nhsuk-frontend": "MIT", "axe-playwright-python": "MIT"}


@dataclass(frozen=True)
class Locked:
    version: str
    hashes: tuple[str, ...]


def locked(texts: list[str]) -> dict[str, Locked]:
    """What lock files pin: normal name → version and the sha256 of each of its files."""
    found = {}
    for text in texts:
        for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
            head = re.match(r"([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==(\S+)", block)
            if head:
                hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
                found[canonicalize_name(head[1])] = Locked(head[2], hashes)
    return found


def of_this_project() -> dict[str, Locked]:
    return locked([(ROOT / name).read_text() for name in LOCKS])


def installed() -> dict[str, Distribution]:
    return {canonicalize_name(each.name): each for each in distributions() if each.name}


def differences(wanted: dict[str, Locked], has: dict[str, str]) -> list[str]:
    """Installed but not locked, in another version, locked without a hash, or locked and not there."""
    told = []
    for name, version in sorted(has.items()):
        if name in OF_PYTHON and name not in wanted:
            continue
        if name not in wanted:
            told.append(f"{name} {version} is installed and not locked")
        elif Version(wanted[name].version) != Version(version):
            told.append(f"{name} {version} is installed, and {wanted[name].version} is locked")
    told += [f"{name} is locked without a hash" for name, lock in sorted(wanted.items()) if not lock.hashes]
    return told + [f"{name} is locked and not installed" for name in sorted(set(wanted) - set(has))]


def changed_files(distribution: Distribution) -> list[str]:
    """Files of a package that are not as they were when it was installed, by the package's own record."""
    changed = []
    for file in distribution.files or []:
        if file.hash is None or file.hash.mode != "sha256":
            continue
        try:
            digest = hashlib.sha256(Path(file.locate()).read_bytes()).digest()
        except OSError:
            changed.append(f"{file} is gone")
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            changed.append(str(file))
    return changed


# ---------------------------------------------------------------- licences


def licences_of(distribution: Distribution) -> list[list[str]]:
    """Each inner list holds licences of which one is enough; all the inner lists count."""
    name, metadata = canonicalize_name(distribution.name), distribution.metadata
    if name in IN_THEIR_FILE:
        return [[IN_THEIR_FILE[name]]]
    if expression := metadata.get("License-Expression"):
        return [
            re.split(r"\s+OR\s+", part.strip("() "))
            for part in re.split(r"\s+AND\s+", expression, flags=re.I)
        ]
    said = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    known = [CLASSIFIED.get(one, one) for one in said if one != "OSI Approved"]
    if known:
        return [known]
    return [
        [(metadata.get("License") or "").strip().splitlines()[0] if metadata.get("License") else "not said"]
    ]


def refused_licences(of: list[list[str]]) -> list[str]:
    return [" or ".join(choice) for choice in of if not ALLOWED & set(choice)]


# ---------------------------------------------------------------- known weaknesses


def advisories_in(path: Path) -> Iterator[dict]:
    """OSV records: from a JSON file (one or a list), a folder of them, or a zip of them."""
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield from advisories_in(file)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))
    else:
        content = json.loads(path.read_text())
        yield from content if isinstance(content, list) else [content]


def is_hit(record: dict, name: str, version: str) -> bool:
    """Whether this version of this package is affected, by the rules of the OSV format.

    A version that cannot be compared counts as hit where the record names the package: better to look than not to know.
    """
    if record.get("withdrawn"):
        return False
    for affected in record.get("affected", []):
        package = affected.get("package", {})
        if (
            package.get("ecosystem", "").split(":")[0] != "PyPI"
            or canonicalize_name(package.get("name", "")) != name
        ):
            continue
        if version in affected.get("versions", []):
            return True
        for span in affected.get("ranges", []):
            if span.get("type") in ("ECOSYSTEM", "SEMVER") and _is_within(span.get("events", []), version):
                return True
    return False


def _is_within(events: list[dict], version: str) -> bool:
    try:
        ours = Version(version)
        moments = sorted(
            (Version("0" if text == "0" else text), kind)
            for event in events
            for kind, text in event.items()
            if kind in ("introduced", "fixed", "last_affected")
        )
    except InvalidVersion:
        return True
    is_affected = False
    for moment, kind in moments:
        if kind == "introduced" and ours >= moment:
            is_affected = True
        elif (kind == "fixed" and ours >= moment) or (kind == "last_affected" and ours > moment):
            is_affected = False
    return is_affected


def hits(records: Iterator[dict], has: dict[str, str]) -> list[str]:
    return sorted(
        f"{name} {version}: {record.get('id', 'no id')} {record.get('summary', '')}".rstrip()
        for record in records
        for name, version in has.items()
        if is_hit(record, name, version)
    )


def ask_pip_audit() -> tuple[list[str], str]:
    """What pip-audit found, and why it could not ask about everything ("" if it could).

    pip-audit says "no known vulnerabilities" when it could ask about nothing at all: what it skipped counts as not asked.
    """
    found, skipped, asked = [], 0, 0
    for lock in LOCKS:
        words = ["-r", str(ROOT / lock), "--disable-pip", "--require-hashes", "-f", "json", "--timeout", "8"]
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", *words],
            capture_output=True,
            text=True,
        )
        try:
            answer = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            return found, "pip-audit could not reach where it asks"
        for one in answer:
            if "skip_reason" in one:
                skipped += 1
            else:
                asked += 1
                found += [f"{one['name']} {one['version']}: {weak['id']}" for weak in one["vulns"]]
    return found, f"pip-audit got no answer for {skipped} of {skipped + asked} packages" if skipped else ""


def audit(advisories: list[Path]) -> int:
    has = installed()
    versions = {name: each.version for name, each in has.items()}
    code = WELL

    def tell(what: str, faults: list[str]) -> None:
        nonlocal code
        print(f"{what}: {'well' if not faults else f'{len(faults)} wrong'}")
        for fault in faults:
            print(f"  {fault}")
        code = WRONG if faults else code

    tell(f"installed as locked ({len(has)} packages)", differences(of_this_project(), versions))
    changed = [f"{name}: {file}" for name, each in sorted(has.items()) for file in changed_files(each)]
    tell("files as they were installed", changed)
    refused = [
        f"{name}: {one}" for name, each in sorted(has.items()) for one in refused_licences(licences_of(each))
    ]
    tell("licences allowed", refused)
    if advisories:
        records = [record for path in advisories for record in advisories_in(path)]
        tell(f"known weaknesses, by {len(records)} advisories given", hits(iter(records), versions))
        return code
    found, why_not = ask_pip_audit()
    if found or not why_not:
        tell("known weaknesses, by pip-audit", found)
    if why_not:
        print(
            f"known weaknesses: COULD NOT ASK ({why_not}). Give --advisories FILE with records in the OSV format."
        )
        return code or NOT_ASKED
    return code


# ---------------------------------------------------------------- the list of what the site is made of


def sbom() -> dict:
    """CycloneDX from the environment, with the hashes that were locked and a licence for each; without this machine's paths."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cyclonedx_py",
            "environment",
            "--of",
            "JSON",
            "--sv",
            "1.6",
            "--output-reproducible",
        ]
        + [sys.executable],
        capture_output=True,
        text=True,
        check=True,
    )
    bill = json.loads(done.stdout)
    wanted, has = of_this_project(), installed()
    for component in bill["components"]:
        name = canonicalize_name(component["name"])
        if name in wanted:
            component["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in wanted[name].hashes]
        if not component.get("licenses"):
            component["licenses"] = [
                {"license": {"name": " AND ".join(map(" OR ".join, licences_of(has[name])))}}
            ]
        component["externalReferences"] = [
            reference
            for reference in component.get("externalReferences", [])
            if reference["url"].startswith("https://")
        ]
        component.pop("evidence", None)
    bill["metadata"]["component"] = {"type": "application", "name": "two-doors", "bom-ref": "two-doors"}
    return bill


def main() -> int:
    parser = argparse.ArgumentParser(prog="supply_chain")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("audit").add_argument("--advisories", type=Path, action="append", default=[])
    commands.add_parser("sbom").add_argument("file", type=Path)
    options = parser.parse_args()
    if options.command == "audit":
        return audit(options.advisories)
    bill = sbom()
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(json.dumps(bill, indent=1) + "\n")
    print(f"{len(bill['components'])} components: {options.file}")
    return WELL


if __name__ == "__main__":
    sys.exit(main())
