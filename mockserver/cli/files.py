"""Output files: written completely or not at all if possible, and never through a link that somebody has placed."""

import argparse
import errno
import os
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from mockserver.cli.output import CannotWrite, do_all, is_reader_gone, print_output, within

# The time that a named pipe may wait for its reader, and a file on Windows for the end of its readers.
_SECONDS = 1.0
_PAUSE = 0.02
# The errors of a rename over a file that another process holds open: access is denied, a sharing violation.
_HELD = (5, 32)
# The errors of a rename, or of a new file beside another, that say nothing about writing that other one. It may be a
# mount point (EBUSY, EXDEV), or in a folder that is read-only or of another user.
_NO_RENAME = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)


def write_file(flag: str, file: str, text: str, *, waits: bool = True) -> None:
    """Write the file of `flag`, so that a reader never reads half of it. Raises CannotWrite.

    A regular file is replaced by a new one, written beside it. If that cannot be done, as in a folder that is
    read-only, if the file is a mount point, or if on Windows a process holds it open for more than a second, it is
    overwritten. A symbolic link stays, and its target is written. A
    pipe or another device is written to. A pipe without a reader fails after a second if it `waits`, and otherwise
    stays open for a later reader.
    """
    data = text.encode()
    try:
        found = _status(file)
        own = next((one for one in (1, 2) if found is not None and _is_own(one, found)), None)
        if own is not None:
            _write(own, data)
        elif found is None or stat.S_ISREG(found.st_mode):
            _replace(Path(os.path.realpath(file)), data, found)
        else:
            _send(file, data, waits=waits or not stat.S_ISFIFO(found.st_mode))
    except OSError as error:
        if not is_reader_gone(error):
            raise CannotWrite(f"{flag} {file}: {error.strerror}") from None


def write_files(options: argparse.Namespace, texts: Mapping[str, Callable[[], str]]) -> None:
    """Write the files of those of the flags in `texts` that are given, although one fails. Raises CannotWrite."""
    files = {flag: getattr(options, flag.removeprefix("--")) for flag in texts}
    do_all(*(partial(write_file, flag, file, texts[flag]()) for flag, file in files.items() if file))


def give(options: argparse.Namespace, text: str) -> None:
    """Write the result of a command to the file of --output, or print it. Raises CannotWrite."""
    if options.output:
        write_file("--output", options.output, f"{text}\n")
    else:
        print_output(text)


def write_new_file(file: Path, data: bytes) -> None:
    """Write a file that does not exist yet, completely or not at all. Raises FileExistsError, OSError."""
    opened = file.open("xb")  # follows no link
    try:
        with opened:
            opened.write(data)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _status(file: str | int) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(file)
    return None


def _is_own(descriptor: int, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), found)
    except OSError:
        return False


def _write(file: str | int, data: bytes) -> None:
    with open(file, "wb", closefd=not isinstance(file, int)) as opened:
        opened.write(data)


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    part = target.with_name(f".opendental-mock-{os.urandom(8).hex()}")  # a name that cannot be guessed
    try:
        write_new_file(part, data)
        try:
            if before is not None:
                part.chmod(stat.S_IMODE(before.st_mode))
            _rename(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        if before is None or error.errno not in _NO_RENAME:
            raise
        _overwrite(target, data)


def _rename(part: Path, target: Path) -> None:
    """Rename a file over another. On Windows wait for readers of that one, which let nobody replace it meanwhile."""
    until = time.monotonic() + _SECONDS
    while True:
        try:
            part.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _overwrite(target: Path, data: bytes) -> None:
    flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(target, flags), "wb") as opened:
        opened.write(data)
        opened.truncate()


def _send(file: str, data: bytes, *, waits: bool) -> None:
    if not within(_SECONDS if waits else 0, lambda: _write(file, data)) and waits:
        raise OSError(errno.ETIMEDOUT, "no process reads it")
