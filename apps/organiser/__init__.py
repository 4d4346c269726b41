"""Sort a folder tree of photos into one folder a class, by what a saved model says of each."""

import sys

from apps import check, sentences


def command() -> None:
    """Run as a console command, or say in one sentence why that cannot be."""
    with sentences():
        check("organiser")
        from apps.organiser.cli import main

        sys.exit(main())
