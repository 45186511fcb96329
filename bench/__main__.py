"""`python -m bench [--json FILE] [--rounds N]`: measure the site in this process, on a fresh database."""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description="What each page and act of the site costs.")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--rounds", type=int, default=200, help="requests for each row (200)")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a bar is not met")
    options = parser.parse_args()

    from bench.database import fresh_database

    with tempfile.TemporaryDirectory(prefix="bench-") as folder, fresh_database(Path(folder)) as address:
        os.environ["DATABASE_URL"] = address
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        report = _measured(options.rounds)

    from bench.report import missed, table

    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    print(table(report))
    return 1 if options.strict and missed(report) else 0


def _measured(rounds: int) -> dict:
    import warnings

    import django

    # Nothing is collected for a bench: files are served from where they lie, as by ./dev run.
    warnings.filterwarnings("ignore", message="No directory at")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from bench.run import run

    def say(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    say("Preparing a database with the demonstration in it")
    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("build_assets", verbosity=0)
        call_command("demo", verbosity=0)
    try:
        return run(rounds=rounds, say=say)
    finally:
        connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
