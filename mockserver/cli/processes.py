"""Processes of a command: they get its signals, and none of them is left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from mockserver.web.signals import OF_TERMINAL


class Processes:
    """The process of a command, without those that it starts. It is there once `start` has returned."""

    process: "subprocess.Popen[bytes]"

    def start(self, command: Sequence[str], variables: Mapping[str, str], **options: Any) -> "subprocess.Popen[bytes]":
        """Start the command. Raises OSError."""
        # Windows itself finds only programs that end with .exe, and not npm.cmd.
        found = shutil.which(command[0]) or command[0]
        # Not by the event loop: uvloop does not support process groups.
        self.process = subprocess.Popen([found, *command[1:]], env={**os.environ, **variables}, **options)
        return self.process

    def send(self, number: int) -> None:
        """Send a signal to the command, unless the terminal has sent it already."""
        if number not in OF_TERMINAL:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Kill what is left of the command."""
        self.process.kill()


if sys.platform == "win32":  # pragma: no cover  # the tests with coverage run on Linux
    import ctypes
    from ctypes import wintypes

    class _Whole(Processes):
        """The job of a command, to which all processes belong that it starts."""

        def __init__(self) -> None:
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._kernel.CreateJobObjectW.restype = wintypes.HANDLE
            self._kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
            self._kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
            self._job = self._kernel.CreateJobObjectW(None, None)

        def start(
            self, command: Sequence[str], variables: Mapping[str, str], **options: Any
        ) -> "subprocess.Popen[bytes]":
            process = super().start(command, variables, **options)
            # What it has started before this line is left out: processes take longer than that to start another one.
            handle: int = process._handle  # type: ignore[attr-defined]
            self._kernel.AssignProcessToJobObject(self._job, handle)
            return process

        def kill(self) -> None:
            self._kernel.TerminateJobObject(self._job, 1)

else:

    class _Whole(Processes):
        """The process group of a command."""

        def start(
            self, command: Sequence[str], variables: Mapping[str, str], **options: Any
        ) -> "subprocess.Popen[bytes]":
            return super().start(command, variables, process_group=0, **options)

        def send(self, number: int) -> None:
            # PermissionError: on macOS, of a group that has ended, and is not waited for.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

        def kill(self) -> None:
            self.send(signal.SIGKILL)


def processes() -> Processes:
    """Return the processes of a command: all of them, in a process group or a job of Windows.

    At a terminal of POSIX it is the first one alone, which gets Ctrl-C from there, and may read input.
    """
    is_at_terminal = os.name == "posix" and sys.stdin is not None and sys.stdin.isatty()
    return Processes() if is_at_terminal else _Whole()


def exit_code(code: int) -> int:
    """Return the exit code of a command as a shell has it, for this process to end with.

    A negative one is a signal that has ended the command. Those of Windows from 0x80000000 on are negative numbers to
    the function that ends a process.
    """
    if code < 0:
        return 128 - code
    return code if code < 2**31 else code - 2**32
