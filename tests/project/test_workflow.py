"""Workflow tests: what the jobs of CI name is there, and they run the commands of the documentation."""

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.syntax.strict_yaml import load

ROOT = Path(__file__).resolve().parents[2]
JOBS: dict[str, Any] = load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]
SCRIPTS = [(name, step["run"]) for name, step in STEPS if "run" in step]


def commands() -> Iterator[list[str]]:
    """Yield the words of each command in a script of one line."""
    for _, script in SCRIPTS:
        if "\n" not in script:
            yield shlex.split(script)


def test_each_job_ends_in_time() -> None:
    assert {name: job["timeout-minutes"] for name, job in JOBS.items() if not 10 <= job["timeout-minutes"] <= 40} == {}


def test_every_python_of_the_package_is_checked() -> None:
    versions = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)]
    assert versions
    assert set(versions) <= set(JOBS["check"]["strategy"]["matrix"]["python"])


def test_what_the_commands_name_is_there() -> None:
    files = [word for words in commands() for word in words if word.startswith(("tests/", ".ci/"))]
    extras = {
        extra
        for words in commands()
        for found in re.findall(r"\.\[(.+)\]", " ".join(words))
        for extra in found.split(",")
    }
    assert len(files) > 10
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert {"dev", "clients"} <= extras <= PROJECT["optional-dependencies"].keys()


def test_the_action_is_used_with_inputs_that_it_has() -> None:
    inputs = load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    used = [step["with"] for _, step in STEPS if step.get("uses") == "./opendental-mock"]
    assert [given.get("mode", "start") for given in used] == ["start", "report"]
    assert all(given.keys() <= inputs.keys() for given in used)


def test_the_container_is_built_and_run_as_documented() -> None:
    page = (ROOT / "docs" / "containers.md").read_text("utf-8")
    (documented,) = re.findall(r"^```sh\n(docker build .+?)```", page, re.M | re.S)
    told = [words(line) for line in documented.replace("\\\n", " ").splitlines()]
    done = [words(script.replace("\\\n", " ")) for name, script in SCRIPTS if name == "container"]
    assert done[: len(told)] == told


def words(command: str) -> list[str]:
    """Return the words of a command, without those that say where a container is seen."""
    return shlex.split(command.replace(" --rm", "").replace(" --detach --name mock", ""))


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
@pytest.mark.parametrize("script", [script for _, script in SCRIPTS if "\n" in script])
def test_bash_can_parse_each_script(script: str) -> None:
    parsed = subprocess.run(["bash", "-n"], input=script, encoding="utf-8", capture_output=True, check=False)
    assert (parsed.returncode, parsed.stderr) == (0, "")
