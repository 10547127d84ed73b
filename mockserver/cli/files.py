"""Output files: written completely or not at all, and never through a link that somebody else has placed."""

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from mockserver.cli.output import within

# The time that a named pipe may wait for its reader.
_SECONDS = 1.0


class CannotWrite(Exception):
    """The file of a flag cannot be written."""


def write_file(flag: str, file: str, text: str, *, waits: bool = True) -> None:
    """Write the file of `flag`, so that a reader never reads half of it. Raises CannotWrite.

    A regular file is replaced by a new one, written beside it. A symbolic link stays, and its target is written. A pipe
    or another device is written to. A pipe without a reader fails after a second if it `waits`, and otherwise stays
    open for a later reader.
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
            _send(file, data, waits=waits)
    except OSError as error:
        raise CannotWrite(f"{flag} {file}: {error.strerror}") from None


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
    # The name cannot be guessed, and the mode "x" follows no link.
    part = target.with_name(f".opendental-mock-{secrets.token_hex(8)}")
    try:
        with part.open("xb") as opened:
            opened.write(data)
        if before is not None:
            part.chmod(stat.S_IMODE(before.st_mode))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _send(file: str, data: bytes, *, waits: bool) -> None:
    if not within(_SECONDS if waits else 0, lambda: _write(file, data)) and waits:
        raise OSError(errno.ETIMEDOUT, "no process reads it")
