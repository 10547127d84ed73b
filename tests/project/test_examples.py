"""Example tests: every example runs unchanged."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.syntax.strict_yaml import load

EXAMPLES = Path(__file__).parents[1] / "examples"
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
# By the names of the examples; examples on one line run in one process.
COMMANDS: dict[str, tuple[str, ...]] = {
    "test_with_requests.py test_retry_and_duplicate.py test_paging.py test_moving_rows.py test_strict.py test_look_ups.py "
    "test_nightly_job.py": PYTEST,
    "test_with_aiohttp.py": (*PYTEST, "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"),
    "test_with_unittest.py": (sys.executable,),
    "every_rule.py": (
        *(sys.executable, "-m", "mockserver", "run", "--strict", "--resource", "all", "--fail-under", "100"),
        *("--", sys.executable),
    ),
    "nightly_job.py": (sys.executable, "-m", "mockserver", "run", "--strict-headers", "--", sys.executable),
    "look-ups.test.mjs": (sys.executable, "-m", "mockserver", "run", "--strict", "--", "node", "--test"),
    "claimtrackings.test.mjs": (sys.executable, "-m", "mockserver", "run", "--strict", "--", "node", "--test"),
    "claimtrackings.sh": (sys.executable, "-m", "mockserver", "run", "--strict", "--", "sh"),
}
# The files that an example imports.
IMPORTED = {"test_nightly_job.py": "nightly_job.py"}
# In TypeScript, which has to be compiled, and its tests.
NIGHTLY_JOB = ("nightly-job.mts", "nightly-job.test.mjs")


def test_every_example_is_run() -> None:
    there = {file.name for file in EXAMPLES.iterdir() if file.is_file()}
    assert there == {*" ".join(COMMANDS).split(), *IMPORTED.values(), *NIGHTLY_JOB, "ci-recipe.yml"}


@pytest.mark.parametrize("names", COMMANDS)
def test_the_example_runs(names: str, tmp_path: Path) -> None:
    command = COMMANDS[names]
    for needed in ("node", "sh"):
        if needed in command and shutil.which(needed) is None:
            pytest.skip(f"there is no {needed} on this machine")
    if names.endswith(".sh") and shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    for name in names.split():
        for file in (name, *([IMPORTED[name]] if name in IMPORTED else [])):
            shutil.copy(EXAMPLES / file, tmp_path)
    ended = subprocess.run(
        [*command, *names.split()], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine")
def test_the_nightly_job_in_typescript_compiles_and_runs(tmp_path: Path) -> None:
    for name in NIGHTLY_JOB:
        shutil.copy(EXAMPLES / name, tmp_path)
    first = (EXAMPLES / NIGHTLY_JOB[0]).read_text("utf-8").splitlines()[1]
    compiler = first.partition("npx -p typescript ")[2].split()
    assert compiler[:2] == ["tsc", "--strict"]
    for command in (
        ["npm", "install", "--no-save", "--no-audit", "--no-fund", "typescript@5"],
        ["npx", "--no-install", *compiler],
        [sys.executable, "-m", "mockserver", "run", "--strict", "--", "node", "--test", NIGHTLY_JOB[1]],
    ):
        ended = subprocess.run(
            command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr


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
