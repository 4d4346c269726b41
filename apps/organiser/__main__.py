"""Run the organiser."""

from apps.organiser import command

command()
