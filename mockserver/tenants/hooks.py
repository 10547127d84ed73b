"""Hooks: functions of a test that run between two requests, after an operation was answered so many times."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("mockserver")


@dataclass(slots=True, kw_only=True)
class Hook:
    """A function that runs once, after `after` exchanges of `operation`. `seen` counts those that have come."""

    operation: str
    after: int
    do: Callable[[], object]
    seen: int = 0

    @property
    def label(self) -> str:
        """Return the operation and the count, for messages."""
        return f"{self.operation} after {self.after}"


class Hooks:
    """The hooks that are `waiting` for exchanges, those that are `due`, and the errors of those that failed."""

    def __init__(self) -> None:
        self.waiting: list[Hook] = []
        self.due: list[Hook] = []
        self.failures: list[tuple[Hook, BaseException]] = []

    def add(self, hook: Hook) -> None:
        """Add a hook."""
        self.waiting.append(hook)

    def see(self, operation: str) -> None:
        """Count an exchange of that operation."""
        for hook in [one for one in self.waiting if one.operation == operation]:
            hook.seen += 1
            if hook.seen == hook.after:
                self.waiting.remove(hook)
                self.due.append(hook)

    def run(self) -> None:
        """Run the hooks that are due. An error is logged and kept, and the others run all the same."""
        while self.due:
            hook = self.due.pop(0)
            try:
                hook.do()
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # an outcome of pytest is not an Exception, and must not end the server
                log.exception("the hook %s failed", hook.label)
                self.failures.append((hook, error))

    def clear(self) -> None:
        """Remove all hooks and failures."""
        self.waiting.clear()
        self.due.clear()
        self.failures.clear()
