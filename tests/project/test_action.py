"""Action tests: the steps of action.yml, run by bash as a runner of GitHub Actions runs them."""

import os
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mockserver.syntax.strict_yaml import load
from support.processes import without_settings

ROOT = Path(__file__).resolve().parents[2]
MAX_WAIT = 300
ACTION = load((ROOT / "action.yml").read_text("utf-8"))
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")


class Runner:
    """A job: its folder, and the variables that its steps have exported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "opendental-mock"
        self.variables: dict[str, str] = {}
        self.summary = folder / "summary.md"
        self.output = folder / "output"

    def use(self, *, without: tuple[str, ...] = (), **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the action with these inputs, and return its last step that was run."""
        defaults = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        ended = None
        for step in ACTION["runs"]["steps"]:
            if step.get("name") in without or "uses" in step or not self._holds(step.get("if"), defaults | inputs):
                continue
            ended = self._run(step, defaults | inputs)
            if ended.returncode:
                break
        assert ended is not None
        return ended

    def _run(self, step: dict[str, Any], inputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in a script could run commands"
        files = {"GITHUB_ENV": self.folder / "env", "GITHUB_OUTPUT": self.output, "GITHUB_STEP_SUMMARY": self.summary}
        own = {name: self._filled_in(value, inputs) for name, value in step.get("env", {}).items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={**without_settings(), **self.variables, **{name: str(file) for name, file in files.items()},
                 "GITHUB_ACTIONS": "true", **own},
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
        )  # fmt: skip
        if files["GITHUB_ENV"].exists():
            lines = files["GITHUB_ENV"].read_text("utf-8").splitlines()
            self.variables |= dict(line.split("=", 1) for line in lines)
        return ended

    def _filled_in(self, text: str, inputs: dict[str, str]) -> str:
        known = {f"inputs.{name}": value for name, value in inputs.items()} | {
            "github.action_path": str(ROOT), "runner.temp": str(self.folder), "steps.python.outputs.python-path": sys.executable,
        }  # fmt: skip
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: known[match[1]], text)

    @staticmethod
    def _holds(condition: str | None, inputs: dict[str, str]) -> bool:
        if condition is None:
            return True
        match = re.fullmatch(r"inputs\.(\w+) == '(\w+)'", condition)
        assert match is not None, condition
        return inputs[match[1]] == match[2]

    def stop(self) -> None:
        """Stop the server, if a test has left it."""
        with suppress(OSError, ValueError):
            os.kill(int((self.state / "pid").read_text()), 9)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def installed(runner: Runner) -> Runner:
    """Return a job in which the step `Install` need not run: it has this project's own command."""
    runner.state.mkdir()
    (runner.state / "bin").write_text(sysconfig.get_path("scripts") + "\n")
    return runner


def ask(runner: Runner) -> int:
    """Ask the server as a client would, that trusts what Node would trust too. Return the status."""
    ca = runner.variables.get("NODE_EXTRA_CA_CERTS")
    keys = f"{runner.variables['OPENDENTAL_DEVELOPER_KEY']}/{runner.variables['OPENDENTAL_CUSTOMER_KEY']}"
    request = urllib.request.Request(
        runner.variables["OPENDENTAL_BASE_URL"] + "/claimtrackings",
        headers={"Authorization": f"ODFHIR {keys}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(
            request, timeout=MAX_WAIT, context=ssl.create_default_context(cafile=ca)
        ) as response:
            status: int = response.status
    except urllib.error.HTTPError as error:
        return error.code
    return status


def serves(runner: Runner) -> bool:
    try:
        return ask(runner) == 200
    except OSError:
        return False


def check_a_whole_job(runner: Runner, **start: Any) -> None:
    office = runner.folder / "our office.yaml"
    office.write_text("extends: default\n")
    started = runner.use(arguments=f"--fixtures '{office}'\n--strict", **start)
    assert started.returncode == 0, started.stdout + started.stderr
    assert runner.output.read_text() == f"url={runner.variables['OPENDENTAL_BASE_URL']}\n"
    assert ask(runner) == 200
    report = runner.use(mode="report", arguments="--only documented --fail-under 1 --ctrf ctrf.json")
    assert report.returncode == 0, report.stdout + report.stderr
    assert "Contract coverage: " in report.stdout
    assert "::group::Log of opendental-mock" in report.stdout
    assert "## Open Dental contract coverage" in runner.summary.read_text("utf-8")
    assert (runner.folder / "ctrf.json").exists()
    while serves(runner):  # until the signal has reached it
        pass
    again = runner.use(mode="report")
    assert (again.returncode, "use this action with mode: start first" in again.stdout) == (2, True)


def test_a_job_has_a_server_and_a_report(installed: Runner) -> None:
    check_a_whole_job(installed, without=("Install",))


@pytest.mark.thorough
def test_the_action_installs_itself(runner: Runner) -> None:
    check_a_whole_job(runner)
    assert (runner.state / "bin").read_text().startswith(str(runner.state))


@pytest.mark.thorough
def test_a_job_over_tls_trusts_the_ca_and_other_servers_too(installed: Runner) -> None:
    started = installed.use(arguments="--tls --fixtures default", without=("Install",))
    assert started.returncode == 0, started.stdout + started.stderr
    url, ca = installed.variables["OPENDENTAL_BASE_URL"], str(installed.state / "ca.pem")
    assert installed.output.read_text() == f"url={url}\nca={ca}\n"
    assert url.startswith("https://")
    assert installed.variables["NODE_EXTRA_CA_CERTS"] == ca
    assert not {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"} & installed.variables.keys()
    assert ask(installed) == 200
    report = installed.use(mode="report", arguments="--only documented")
    assert report.returncode == 0, report.stdout + report.stderr
    assert "Contract coverage: " in report.stdout


@pytest.mark.thorough
def test_a_report_that_fails_still_stops_the_server(installed: Runner) -> None:
    assert installed.use(without=("Install",)).returncode == 0
    report = installed.use(mode="report", arguments="--fail-under 100")
    assert report.returncode == 1
    assert "below --fail-under 100" in report.stderr
    while serves(installed):
        pass


@pytest.mark.thorough
def test_a_server_that_cannot_start_fails_the_step(installed: Runner) -> None:
    started = installed.use(arguments="--fixtures no-such-office", without=("Install",))
    assert started.returncode == 1
    assert "no-such-office" in started.stdout
    assert "::error title=opendental-mock::The server is not ready" in started.stdout
    assert installed.variables == {}


@pytest.mark.parametrize("arguments", ["--strict 'open", '--now "2026'])
def test_an_open_quote_fails_the_step(installed: Runner, arguments: str) -> None:
    assert installed.use(arguments=arguments, without=("Install",)).returncode != 0
    assert not (installed.state / "pid").exists()


def test_arguments_are_words_and_not_commands(installed: Runner) -> None:
    installed.use(arguments="--fixtures $(touch${IFS}made) `touch made` ; touch made", without=("Install",))
    assert not (installed.folder / "made").exists()


def test_another_mode_is_refused(runner: Runner) -> None:
    ended = runner.use(mode="stop")
    assert (ended.returncode, "invalid choice 'stop' (choose start or report)" in ended.stdout) == (2, True)


def test_the_page_on_ci_describes_every_input_and_uses_no_other() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", page, re.M)
    assert rows == list(ACTION["inputs"])
    texts = re.findall(r"```yaml\n(.*?)```", page, re.S)
    recipes = [load(text) for text in texts if "uses: ./opendental-mock" in text]
    assert len(recipes) == 2
    for recipe in recipes:
        start, report = steps_of(recipe)
        assert start["with"].keys() | report["with"].keys() <= ACTION["inputs"].keys()
        assert (start["with"].get("mode", "start"), report["with"]["mode"], report["if"]) == (
            "start",
            "report",
            "always()",
        )


@pytest.mark.thorough
@pytest.mark.parametrize("mode", ["start", "report"])
def test_the_recipes_give_flags_that_there_are(installed: Runner, mode: str) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    office = installed.folder / "tests" / "our-office.yaml"
    office.parent.mkdir()
    office.write_text("extends: default\n")
    steps = [step for text in re.findall(r"```yaml\n(.*?)```", page, re.S) for step in steps_of(load(text))]
    given = [one["with"].get("arguments", "") for one in steps if one["with"].get("mode", "start") == mode]
    assert len(given) == 2
    for arguments in given:
        start, report = (arguments, "--only documented") if mode == "start" else ("", arguments)
        started = installed.use(arguments=start, without=("Install",))
        assert started.returncode == 0, started.stdout
        assert ask(installed) == 200
        assert installed.use(mode="report", arguments=report).returncode == ("--fail-under" in report)


def steps_of(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of a recipe that use the action."""
    jobs = recipe["jobs"].values() if "jobs" in recipe else [recipe]
    return [step for job in jobs for step in job["steps"] if step.get("uses") == "./opendental-mock"]
