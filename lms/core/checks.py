"""Why a production site would be unsafe as it is set up: asked before it starts, all reasons at once.

Asked of plain settings, before Django is up; so nothing here imports a model or opens a connection.
"""

import ipaddress
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Settings = Mapping[str, Any]
Environment = Mapping[str, str]

FEW_CHARACTERS = 12  # a key of fewer different ones was typed, not drawn
SHIPPED = ("only-for-this-machine", "for-tests-only", "django-insecure", "change")
MADE_UP = (".example", ".invalid", ".test", "example.com", "example.org", "example.net", "localhost")
# Folders of other machines, where SQLite's locks may not hold.
NETWORK_DISKS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs"}
ENCRYPTED = {"require", "verify-ca", "verify-full"}


def unsafe(settings: Settings, environment: Environment) -> list[str]:
    """Each reason is a sentence that says what to set."""
    return [reason for rule in RULES for reason in rule(settings, environment)]


def _secrets(settings: Settings, environment: Environment) -> Iterator[str]:
    key = settings["SECRET_KEY"]
    if len(key) < 50 or len(set(key)) < FEW_CHARACTERS or key.lower().startswith(SHIPPED):
        yield "Set SECRET_KEY to at least 50 random characters, such as `openssl rand -base64 48` prints."
    if any(len(one) < 32 for one in settings.get("MFA_KEYS", [])):
        yield "Each key in MFA_KEY needs at least 32 random characters, or leave it out."


def _address(settings: Settings, environment: Environment) -> Iterator[str]:
    hosts, site = settings["ALLOWED_HOSTS"], urlsplit(settings["SITE_URL"])
    names_hosts = bool(hosts) and not any(host.startswith(("*", ".")) for host in hosts)
    if not names_hosts:
        yield "Set ALLOWED_HOSTS to the names this site answers to, with commas between; no * and no leading dot."
    if site.scheme != "https" or not site.hostname:
        yield "Set SITE_URL to the site's own address; it must begin with https://."
    elif names_hosts and site.hostname not in hosts:
        yield "SITE_URL's name must be among ALLOWED_HOSTS."
    files = settings.get("MEDIA_HOST", "")
    if files and ("/" in files or files.partition(":")[0] == site.hostname):
        yield "MEDIA_HOST must be a name other than SITE_URL's, without https:// before it and nothing after it."
    proxies = environment.get("TRUSTED_PROXY_COUNT", "")
    if not proxies.isdigit():
        yield (
            "Set TRUSTED_PROXY_COUNT to the number of proxies before the site (1 for most): with a wrong one everybody"
            " shares one rate limit, or anybody makes up an address."
        )


def _not_a_demonstration(settings: Settings, environment: Environment) -> Iterator[str]:
    for name in ("DEBUG", "DEMO", "SHOW_UNREVIEWED"):
        if settings.get(name):
            yield f"{name} is on. It is for demonstrations only."
    if settings.get("CLOCK_FILE") or environment.get("CLOCK_FILE"):
        yield "CLOCK_FILE is set. The clock of a real site cannot be set."
    if not environment.get("CRISIS_NATION"):
        yield "Set CRISIS_NATION, so that somebody has looked whose crisis lines the site shows."


def _database(settings: Settings, environment: Environment) -> Iterator[str]:
    database = settings["DATABASES"]["default"]
    if not environment.get("DATABASE_URL"):
        yield "Set DATABASE_URL, so that nobody wonders where the data lie."
    if database["ENGINE"].endswith("sqlite3"):
        disk = disk_of(Path(database["NAME"]))
        if disk in NETWORK_DISKS:
            yield f"The SQLite database lies on a network disk ({disk}), where its locks may not hold. Use a disk of this machine."
    elif not is_local(database["HOST"]) and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED:
        yield "The database is on another machine: end DATABASE_URL with ?sslmode=verify-full (or require)."


def _mail(settings: Settings, environment: Environment) -> Iterator[str]:
    encrypted = settings.get("EMAIL_USE_TLS") or settings.get("EMAIL_USE_SSL")
    if not is_local(settings["EMAIL_HOST"]) and not encrypted:
        yield "The mail server is on another machine: set EMAIL_USE_TLS=1."
    sender = settings["DEFAULT_FROM_EMAIL"].rsplit("@", 1)[-1].rstrip("> ").lower()
    if sender.endswith(MADE_UP):
        yield "Set DEFAULT_FROM_EMAIL to an address of yours: mails would come from a made-up one."


def _processes(settings: Settings, environment: Environment) -> Iterator[str]:
    backend = settings["CACHES"]["default"]["BACKEND"]
    if backend.endswith(("LocMemCache", "DummyCache", "ProcessMemory")):
        yield "The shared cache is in each process's own memory: rate limits would count for each process apart."


def _folders(settings: Settings, environment: Environment) -> Iterator[str]:
    if not environment.get("VAR_DIR"):
        yield "Set VAR_DIR to the folder of the site's own files, outside of its code."
    media, static = Path(settings["MEDIA_ROOT"]), Path(settings["STATIC_ROOT"])
    served = [static, *map(Path, settings["STATICFILES_DIRS"])]
    if any(folder == media or folder in media.parents for folder in served):
        yield "MEDIA_ROOT lies in a folder of static files, which are served to all."
    database = settings["DATABASES"]["default"]
    if database["ENGINE"].endswith("sqlite3") and any(
        folder in Path(database["NAME"]).parents for folder in (*served, media)
    ):
        yield "The SQLite database lies in a folder that the site serves."
    for folder in {Path(settings["VAR_DIR"]), media}:
        if folder.is_dir() and folder.stat().st_mode & stat.S_IWOTH:
            yield f"Everybody on this machine may write to {folder}. Run: chmod o-w {folder}"


def _single_sign_on(settings: Settings, environment: Environment) -> Iterator[str]:
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    said = [name for name in needed if environment.get(name)]
    if said and len(said) < len(needed):
        missing = ", ".join(name for name in needed if name not in said)
        yield f"Single sign-on is half set up. Set {missing} too, or none of them."
    if environment.get("OIDC_ISSUER") and urlsplit(environment["OIDC_ISSUER"]).scheme != "https":
        yield "OIDC_ISSUER must begin with https://."


RULES: list[Callable[[Settings, Environment], Iterator[str]]] = [
    _secrets,
    _address,
    _not_a_demonstration,
    _database,
    _mail,
    _processes,
    _folders,
    _single_sign_on,
]


def is_local(host: str) -> bool:
    """Whether the name is this machine's own: a socket's folder, "localhost", or a loopback address."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def disk_of(path: Path, mounts: str | None = None) -> str:
    """The kind of file system that the path lies on; "" where this machine does not say."""
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text()
        except OSError:
            return ""
    found, kind = Path("/"), ""
    for line in mounts.splitlines():
        _device, place, this_kind, *_rest = line.split()
        folder = Path(place.replace("\\040", " "))
        if (folder == path or folder in path.parents) and len(folder.parts) >= len(found.parts):
            found, kind = folder, this_kind
    return kind
