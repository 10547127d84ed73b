"""Example tests: every example runs unchanged."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest

from mockserver.syntax.strict_yaml import load
from support.effort import thorough_unless

EXAMPLES = Path(__file__).parents[1] / "examples"
CLIENT = Path(__file__).parents[2] / "mockserver" / "testing" / "opendental-mock.mjs"
OFFICE_TIME = Path(__file__).parents[1] / "support" / "office_time"
MAX_WAIT = 120
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:schemathesis",
    "-p",
    "no:hypothesispytest",
)
RUN = (sys.executable, "-m", "mockserver", "run", "--strict")
PRACTICE = ("--fixtures", "practice", "--now", "2026-01-15 10:00:00")
# By the names of the examples; examples on one line run in one process.
UNTHROTTLED = ("test_lost_put.py",)
"""Those in which a colleague writes after the first response, which 429 would be if the office throttled."""
WITH_PYTEST = (
    "test_retry_and_duplicate.py test_paging.py test_moving_rows.py test_strict.py test_look_ups.py test_throttle.py "
    "test_nightly_job.py test_with_opendental_sdk.py test_claim_day.py"
)
LONG = (
    "every_rule.py", "look-ups.test.mjs", "claimtrackings.test.mjs", "nightly_job.py", "claim_day.py", "test_with_aiohttp.py",
    "test_lost_put.py", "claimtrackings.sh", WITH_PYTEST,
)  # fmt: skip
"""Those that a thorough run alone runs: they send each case, or take as long and show little more than another one."""
COMMANDS: dict[str, tuple[str, ...]] = {
    "test_with_requests.py": PYTEST,
    WITH_PYTEST: PYTEST,
    "test_lost_put.py": PYTEST,
    "test_with_aiohttp.py": (*PYTEST, "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"),
    "test_with_unittest.py": (sys.executable,),
    "every_rule.py": (*RUN, "--resource", "all", "--fail-under", "100", "--", sys.executable),
    "nightly_job.py": (*RUN, "--strict-headers", "--", sys.executable, str(OFFICE_TIME / "script.py")),
    "claim_day.py": (*RUN, *PRACTICE, "--", sys.executable, str(OFFICE_TIME / "script.py")),
    "look-ups.test.mjs": (*RUN, "--", "node", "--test"),
    "claimtrackings.test.mjs": (*RUN, "--", "node", "--test"),
    "claimtrackings.sh": (*RUN, "--", "sh"),
}
# The files that the examples import.
IMPORTED = ("nightly_job.py", "claim_day.py", "office_session.py", "office-fetch.mjs")
# Those in TypeScript, which have to be compiled, with their tests, and the office of these.
COMPILED = {("nightly-job.mts", "nightly-job.test.mjs"): (), ("claim-day.mts", "claim-day.test.mjs"): PRACTICE}


def run(command: Sequence[str], folder: Path, **environment: str) -> None:
    """Run a command in a folder, and check that it succeeds."""
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
        stdin=subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr


def run_without_waiting(command: Sequence[str], folder: Path) -> None:
    """Run a command in which sleeps advance the clock of the office, and check that it succeeds."""
    path = os.pathsep.join((str(OFFICE_TIME / "bin"), os.environ["PATH"]))
    run(command, folder, PATH=path, NODE_OPTIONS=f"--import={(OFFICE_TIME / 'sleep.mjs').as_uri()}")


def test_every_example_is_run() -> None:
    examples = {file.name for file in EXAMPLES.iterdir() if file.is_file()}
    assert examples == {*" ".join(COMMANDS).split(), *IMPORTED, *chain(*COMPILED), "ci-recipe.yml"}


@pytest.mark.parametrize(
    ("names", "throttle"),
    [
        *[pytest.param(names, (), id=names[:40], marks=thorough_unless(quick=names not in LONG)) for names in COMMANDS],
        *[
            pytest.param(names, ("--throttle",), id=f"{names[:40]} throttle", marks=pytest.mark.thorough)
            for names in COMMANDS
            if names not in UNTHROTTLED
        ],
    ],
)
def test_the_example_runs(names: str, throttle: tuple[str, ...], tmp_path: Path) -> None:
    command = COMMANDS[names]
    for needed in ("node", "sh"):
        if needed in command and shutil.which(needed) is None:
            pytest.skip(f"there is no {needed} on this machine")
    if names.endswith(".sh") and shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    for name in {*names.split(), *IMPORTED}:
        shutil.copy(EXAMPLES / name, tmp_path)
    if throttle and command[: len(RUN)] == RUN:
        command = (*RUN, *throttle, "--ignore", "api.throttle", *command[len(RUN) :])
    elif throttle:
        throttle_in_python(names.split(), tmp_path)
    run_without_waiting([*command, *names.split()], tmp_path)


def throttle_in_python(names: Sequence[str], folder: Path) -> None:
    """Let the examples ask for an office that throttles, by their conftest or in the servers that they start."""
    for name in names:
        text = (EXAMPLES / name).read_text("utf-8")
        text = text.replace("MockServer()", "MockServer(throttle=True, strict=True)")
        text = text.replace("create_app(", "create_app(throttle=True, strict=True, ")
        (folder / name).write_text(text, encoding="utf-8")
        if "opendental_mock" in text:
            shutil.copy(OFFICE_TIME / "conftest.py", folder)
        else:
            assert "throttle=True" in text


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine")
def test_the_examples_in_typescript_compile_and_run(tmp_path: Path) -> None:
    for name in chain(*COMPILED):
        shutil.copy(EXAMPLES / name, tmp_path)
    shutil.copy(CLIENT, tmp_path)
    run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "typescript@5"], tmp_path)
    sources = [source for source, _ in COMPILED]
    # Each says by which command it is compiled; as that is the same, one command compiles them all.
    (compiler,) = {re.findall(f"npx -p typescript (.*) {source}", read(source))[0] for source in sources}
    assert compiler.startswith("tsc --strict ")
    run(["npx", "--no-install", *compiler.split(), *sources], tmp_path)
    check = "tsc --strict --checkJs --allowJs --noEmit --target es2022 --lib es2023,dom --module nodenext"
    run(["npx", "--no-install", *check.split(), CLIENT.name], tmp_path)  # the types in its comments
    for (_, tests), office in COMPILED.items():
        for throttle in ([], ["--throttle"]):
            run_without_waiting([*RUN, *throttle, *office, "--", "node", "--test", tests], tmp_path)


def read(name: str) -> str:
    return (EXAMPLES / name).read_text("utf-8")


@pytest.mark.thorough  # with all examples in Python, which the test above runs too
def test_the_recipe_for_ci_runs_a_command_that_there_is(tmp_path: Path) -> None:
    recipe = load((EXAMPLES / "ci-recipe.yml").read_text("utf-8"))
    steps = recipe["jobs"]["contract"]["steps"]
    (command,) = (step["run"] for step in steps if "opendental-mock run" in step.get("run", ""))
    words = ["mockserver" if word == "opendental-mock" else word for word in command.split()]
    shutil.copytree(EXAMPLES, tmp_path / "tests" / "examples")
    for tests, code in ((words[words.index("--") + 1 :], 0), (["python", "-c", "pass"], 1)):
        ended = subprocess.run(
            [sys.executable, "-m", *words[: words.index("--") + 1], sys.executable, *tests[1:]],
            capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert ended.returncode == code, ended.stdout + ended.stderr
        assert "<testsuites>" in (tmp_path / "contract.xml").read_text("utf-8")


def test_ci_recipe_installs_the_checkout_and_keeps_its_reports() -> None:
    steps = load((EXAMPLES / "ci-recipe.yml").read_text("utf-8"))["jobs"]["contract"]["steps"]
    assert [step["run"] for step in steps if "pip" in step.get("run", "")] == ["pip install ."]
    (path,) = (step["with"]["path"] for step in steps if "upload-artifact" in step.get("uses", ""))
    assert path == "contract.xml"
