"""The whole site in one file, and back: the database together with the files that it names."""

from .making import write_backup
from .parts import BackupRefused, Manifest
from .restoring import Found, open_backup, restore

__all__ = ["BackupRefused", "Found", "Manifest", "open_backup", "restore", "write_backup"]
