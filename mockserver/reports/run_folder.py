"""Run folder: where a server that a command of `run` started leaves a mark when a request reaches it."""

import os
from contextlib import suppress
from pathlib import Path

FOLDER = "OPENDENTAL_MOCK_RUN_FOLDER"
"""The environment variable by which `run` names the folder to the processes below it."""


def leave_mark() -> None:
    """Leave a mark in the run folder, if this process belongs to a `run` that has not ended."""
    folder = os.environ.get(FOLDER)
    if folder:
        with suppress(OSError):  # the run has ended, and its folder is gone
            Path(folder, str(os.getpid())).touch()


def has_marks(folder: str) -> bool:
    """Return whether a server has left a mark in a run folder."""
    with os.scandir(folder) as marks:
        return any(marks)
