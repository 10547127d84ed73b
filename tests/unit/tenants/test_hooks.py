"""Hook tests: counted, run once and in order, and none stopped by the error of another."""

import logging
from collections.abc import Callable

import pytest

from mockserver.tenants.hooks import Hook, Hooks


def hook(do: Callable[[], object], after: int = 1, operation: str = "claimtrackings/list") -> Hook:
    return Hook(operation=operation, after=after, do=do)


def test_hook_is_due_once_after_that_many_exchanges_of_its_operation() -> None:
    hooks, ran = Hooks(), list[str]()
    hooks.add(hook(lambda: ran.append("second"), after=2))
    hooks.add(hook(lambda: ran.append("first")))
    hooks.add(hook(lambda: ran.append("create"), operation="claimtrackings/create"))
    for expected in (["first"], ["first", "second"], ["first", "second"]):
        hooks.see("claimtrackings/list")
        hooks.run()
        assert ran == expected
    assert [one.label for one in hooks.waiting] == ["claimtrackings/create after 1"]


def test_error_of_a_hook_is_kept_and_logged_and_the_next_one_runs(caplog: pytest.LogCaptureFixture) -> None:
    hooks, ran = Hooks(), list[int]()
    hooks.add(hook(lambda: 1 / 0))
    hooks.add(hook(lambda: pytest.fail("not an Exception")))
    hooks.add(hook(lambda: ran.append(1)))
    hooks.see("claimtrackings/list")
    with caplog.at_level(logging.ERROR, "mockserver"):
        hooks.run()
    assert [type(error).__name__ for _, error in hooks.failures] == ["ZeroDivisionError", "Failed"]
    assert caplog.messages == ["the hook claimtrackings/list after 1 failed"] * 2
    assert ran == [1]


def test_interrupt_ends_the_server_and_not_only_the_hook() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    hooks = Hooks()
    hooks.add(hook(interrupt))
    hooks.see("claimtrackings/list")
    with pytest.raises(KeyboardInterrupt):
        hooks.run()
    assert hooks.failures == []


def test_cleared_hooks_do_not_run() -> None:
    hooks, ran = Hooks(), list[int]()
    hooks.add(hook(hooks.clear))
    hooks.add(hook(lambda: ran.append(1)))
    hooks.add(hook(lambda: ran.append(2), after=2))
    hooks.see("claimtrackings/list")
    hooks.run()
    hooks.see("claimtrackings/list")
    hooks.run()
    assert (ran, hooks.waiting, hooks.failures) == ([], [], [])
