"""Test suites of their own, run with the pytest plugin as a user would run them."""

import json
import subprocess
import sys
from pathlib import Path

from support.processes import without_settings

MAX_WAIT = 120
# Plugins of the environment that no suite here needs, and those of async tests; they take most of a run's time.
UNUSED = ("schemathesis", "hypothesispytest", "pytest_cov")
ASYNC = ("aiohttp", "asyncio", "anyio")
HEAD = "import urllib.request, json, urllib.error\n"
ASK = """
def ask(mock, path="/claimtrackings", body=None, method=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(mock.url + path, data, {**mock.headers, **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)
"""


# Runs pytest in one process for each list of options that it reads.
_RUN_EACH = """
import contextlib, io, json, sys
import pytest

for options in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = pytest.main(options)
    print(json.dumps([code, out.getvalue()]))
"""


class Suite:
    """A test suite in an empty folder, run as a user would run it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, tests: str, conftest: str = "", settings: str = "") -> None:
        """Write the files of the suite."""
        (self.folder / "test_it.py").write_text(HEAD + ASK + tests)
        (self.folder / "conftest.py").write_text(conftest)
        (self.folder / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{settings}")

    def run(
        self, tests: str, *options: str, conftest: str = "", settings: str = "", is_async: bool = False, cwd: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Write the files of the suite and run it."""
        self.write(tests, conftest, settings)
        plugins = UNUSED if is_async else UNUSED + ASYNC
        return self._python("-m", "pytest", *_without("cacheprovider", *plugins), *options, cwd=cwd)

    def run_each(self, *runs: str) -> list[tuple[int, str]]:
        """Run the suite, in one process, with each of these options. Return the exit codes and what was printed."""
        options = [[*_without(*UNUSED, *ASYNC), *run.split()] for run in runs]
        ended = self._python("-c", _RUN_EACH, stdin=json.dumps(options))
        assert ended.returncode == 0, ended.stderr
        return [(code, out) for code, out in map(json.loads, ended.stdout.splitlines())]

    def _python(self, *arguments: str, stdin: str = "", cwd: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder / cwd, input=stdin, capture_output=True, encoding="utf-8",
            timeout=MAX_WAIT, check=False, env=without_settings(),
        )  # fmt: skip


def _without(*plugins: str) -> list[str]:
    return [f"-pno:{name}" for name in plugins]
