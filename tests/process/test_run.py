"""Tests of `run` and `report`: the server of a command, all combinations of exit codes, and no process left behind."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mockserver.cli.run import Running
from mockserver.cli.shutdown import Shutdown
from mockserver.contract.contract import shipped_contract
from mockserver.journal.log_thread import LogThread
from mockserver.resources.folder import shipped_folders
from support.command import ASK, FINE, PYTHON, Run
from support.effort import parameters
from support.processes import MAX_WAIT

HERE = Path(__file__).resolve().parents[1]
ODD = (*PYTHON, ASK.replace("/claimtrackings'", "/claimtrackings?claimnum=1'").replace("{more}", ""))
BARE = (*PYTHON, "import contextlib\nwith contextlib.suppress(OSError): "
                 "exec({!r})".format(ASK.replace("'Content-Type': 'application/json'{more}", "")))  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(("--", *FINE), 0, "", id="all is well"),
        pytest.param(("--", *PYTHON, "raise SystemExit(7)"), 7, "", id="the command fails"),
        pytest.param(("--fail-under", "100", "--", *PYTHON, "raise SystemExit(7)"), 7, "", id="the command and coverage fail", marks=pytest.mark.thorough),
        pytest.param(("--fail-under", "90", "--", *FINE), 1, "below --fail-under 90", id="coverage fails"),
        pytest.param(("--", *ODD), 0, "", id="a warning"),
        pytest.param(("--strict", "--", *PYTHON, "pass"), 1, "no request reached the server at http://127.0.0.1:", id="nothing asked"),
        pytest.param(("--strict", "--allow-no-requests", "--", *PYTHON, "pass"), 0, "", id="nothing asked, and allowed", marks=pytest.mark.thorough),
        pytest.param(
            ("--strict", "--", *PYTHON, f"try: {ODD[2].replace('; ', ';').replace('import os, urllib.request as r;', '__import__(chr(111)+chr(115));import os,urllib.request as r;')}\nexcept Exception: pass"),
            1, "--strict allows none", id="a warning under strict",
        ),
        pytest.param(("--strict", "--", *BARE), 0, "", id="a GET without Content-Type under strict"),
        pytest.param(("--strict-headers", "--", *BARE), 1, "--strict allows none", id="under strict headers"),
        pytest.param(("--", "no-such-command-anywhere"), 127, "no-such-command-anywhere", id="no such command"),
        pytest.param(("--", str(HERE / "conftest.py")), 126, "conftest.py", id="a command that cannot be run"),
        pytest.param(("--fixtures", "nothing", "--", *FINE), 2, "nothing", id="the server cannot start", marks=pytest.mark.thorough),
        pytest.param(("--host", "0.0.0.0", "--", *FINE), 2, "--admin-token", id="the server may not start"),
        pytest.param(("--ignore", "api.Limit", "--", *FINE), 0, "", id="a rule left out", marks=pytest.mark.thorough),
        pytest.param(("--ignore", "api.limit", "--", *FINE), 2, "did you mean api.Limit?", id="no such rule"),
        pytest.param(("--fail-under", "x", "--", *FINE), 2, "from 0 to 100", id="no percentage", marks=pytest.mark.thorough),
        pytest.param(("--junit", "/dev/full", "--", *FINE), 2, "--junit /dev/full: ", id="nothing can be written"),
    ],
)  # fmt: skip
def test_the_exit_code_is_right(run: Run, words: tuple[str, ...], code: int, told: str) -> None:
    ended = run("run", *words)
    assert ended.returncode == code, ended.stderr
    assert told in ended.stderr
    if code not in (2, 126, 127):
        assert "Contract coverage:" in ended.stdout.splitlines()[-1]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to be killed by")
def test_a_command_that_is_killed_ends_as_in_a_shell(run: Run) -> None:
    assert run("run", "--", *PYTHON, "import os; os.kill(os.getpid(), 9)").returncode == 137


SOCKET = """
import os, socket, urllib.parse as u
with socket.create_connection(u.urlsplit(os.environ['OPENDENTAL_BASE_URL']).netloc.split(':')) as connection:
    connection.sendall({!r})
    assert connection.recv(1_000).startswith(b'HTTP/1.1 {}')
"""


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        (b"GET /api/v1/claimtrackings HTTP/1.1\r\nHost: mock.example\r\n\r\n", 403,
         "; the server refused 1 for the Host header, which does not name this machine (--allowed-host); check"),
        (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400, "; the server refused 1 as unreadable; check"),
        (b"GET /api/v2/claimtrackings HTTP/1.1\r\nHost: localhost\r\n\r\n", 404,
         "; 1 were refused, the first GET /api/v2/claimtrackings; check"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, "no request reached the server at"),
    ],
    ids=["Host", "unreadable", "another base URL", "the index alone"],
)  # fmt: skip
def test_a_run_in_which_nothing_reached_the_api_fails(run: Run, sent: bytes, status: int, told: str) -> None:
    ended = run("run", "--", *PYTHON, SOCKET.format(sent, status))
    assert ended.returncode == 1, ended.stderr
    assert told in ended.stderr


CARELESS = """
import os, urllib.error, urllib.request
for path in ('/referrals', '/referrals', '/labcases/7'):
    try:
        urllib.request.urlopen(os.environ['OPENDENTAL_BASE_URL'] + path).close()
    except urllib.error.HTTPError as error:
        error.close()  # nothing is there
"""


@pytest.mark.parametrize(
    ("allowed", "code", "told"),
    [
        ((), 1, "3 requests for what opendental-mock does not serve: GET /referrals, GET /labcases/{LabCaseNum}; "),
        pytest.param(("referrals",), 1, "1 request for what opendental-mock does not serve: GET /labcases/{LabCaseNum}; ", marks=pytest.mark.thorough),
        pytest.param(("referrals", "labcases"), 0, "", marks=pytest.mark.thorough),
        (("all",), 0, ""),
        (("referral",), 2, "--allow-unserved: the vendor has no resource referral; did you mean referrals?"),
    ],
)  # fmt: skip
def test_a_client_that_takes_errors_for_nothing_fails(run: Run, allowed: tuple[str, ...], code: int, told: str) -> None:
    flags = [word for resource in allowed for word in ("--allow-unserved", resource)]
    ended = run("run", "--strict", "--only", "documented", *flags, "--", *PYTHON, CARELESS)
    assert ended.returncode == code, ended.stderr
    assert told in ended.stderr
    if code != 2:
        assert (
            "Not served (501: opendental-mock does not have these operations of the vendor):\n     2 x GET /referrals\n"
            in ended.stdout
        )
        assert (
            f"{' ' * 9}{'allowed; ' if 'labcases' in allowed or 'all' in allowed else ''}the first is GET /api/v1/labcases/7\n"
            in ended.stdout
        )


IN_PROCESS = """
import os, urllib.error, urllib.request
from mockserver import MockServer
with MockServer() as server:
    urllib.request.urlopen(server.url + '/claimtrackings').read()
    try:
        urllib.request.urlopen(server.url + '/claimtrackings?ClaimNum=99')
    except urllib.error.HTTPError as error:
        error.close()
    os._exit(0)  # killed, so that nothing is written at the end
"""
PLUGIN = """
import pytest, urllib.error, urllib.request
@pytest.mark.parametrize("query", ["", "?ClaimNum=99"])
def test_it(opendental_mock, query):
    try:
        urllib.request.urlopen(opendental_mock.url + '/claimtrackings' + query).read()
    except urllib.error.HTTPError as error:
        error.close()
"""


@pytest.mark.parametrize(
    "where", parameters(["MockServer", "the plugin", "pytest-xdist", "another run"], quick=("MockServer",))
)
def test_what_servers_below_the_run_meet_is_reported_once(run: Run, where: str, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(PLUGIN)
    suite = (sys.executable, "-m", "pytest", "-q", f"--rootdir={tmp_path}", str(tmp_path))
    commands = {
        "MockServer": (*PYTHON, IN_PROCESS), "the plugin": (*suite, "-n0"), "pytest-xdist": (*suite, "-n2"),
    }  # fmt: skip
    another = (sys.executable, "-m", "mockserver", "run", "--", *commands["MockServer"])
    report = tmp_path / "report.json"
    ended = run("run", "--report", str(report), "--", *commands.get(where, another))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    made = json.loads(report.read_text())
    met = {rule["id"]: rule["met"] for rule in made["rules"] if rule["met"]}
    assert (made["requests"], met["claimtrackings.list.all"]) == (2, 1)
    assert [(one["rule"], one["count"]) for one in made["refusals"]] == [("claimtrackings.list.ClaimNum.unknown", 1)]
    assert ended.stdout.count("Contract coverage: 8 of ") == (2 if where == "another run" else 1), ended.stdout


@pytest.mark.thorough
def test_what_the_plugin_allows_the_run_allows_too(run: Run, tmp_path: Path) -> None:
    asking = PLUGIN.replace("/claimtrackings", "/referrals").replace(
        "@pytest", "@pytest.mark.opendental_mock(allow_unserved='referrals')\n@pytest"
    )
    (tmp_path / "test_it.py").write_text(asking)
    ended = run("run", "--", sys.executable, "-m", "pytest", "-q", "-n0", f"--rootdir={tmp_path}", str(tmp_path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "allowed; the first is GET /api/v1/referrals\n" in ended.stdout


@pytest.mark.thorough
def test_a_server_below_the_run_without_requests_does_not_count(run: Run) -> None:
    ended = run("run", "--", *PYTHON, "from mockserver import MockServer\nwith MockServer(): pass")
    assert ended.returncode == 1
    assert "no request reached the server" in ended.stderr


def test_nothing_is_reported_of_a_command_that_does_not_exist(run: Run) -> None:
    ended = run("run", "--", "no-such-command-anywhere")
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)


REFUSED = (*PYTHON, f"""
import urllib.error
for path in ("?ClaimNum=99", "?ClaimNum=98", ""):
    try:
        {ASK.replace("'/claimtrackings'", "'/claimtrackings' + path").replace("{more}", "")}
    except urllib.error.HTTPError as error:
        error.close()
""")  # fmt: skip


@pytest.mark.parametrize("verbose", [False, True])
def test_refusals_are_listed_and_missing_rules_in_short_unless_verbose(run: Run, verbose: bool) -> None:
    ended = run("run", *(["--verbose"] if verbose else []), "--", *REFUSED)
    assert ended.returncode == 0, ended.stderr
    says = shipped_contract().rules["claimtrackings.list.ClaimNum.unknown"].says
    assert (
        f"Refused:\n     2 x GET /api/v1/claimtrackings?ClaimNum=99\n{' ' * 9}claimtrackings.list.ClaimNum.unknown, 404; cause: office\n"
        f"{' ' * 9}{says}\n{' ' * 9}Hint: "
    ) in ended.stdout
    rules = [line for line in ended.stdout.splitlines() if line.startswith("  claimtrackings.create.")]
    assert (len(rules) > 10) if verbose else (len(rules) == 5)
    assert max(map(len, ended.stdout.splitlines())) <= 80


def test_output_of_the_command_is_passed_through(run: Run) -> None:
    ended = run("run", "--allow-no-requests", "--", *PYTHON, "import sys; print('out'); print('err', file=sys.stderr)")
    assert ended.stdout.startswith("out\n")
    assert ended.stderr == "err\n"


@pytest.mark.parametrize(("flags", "admin"), [((), "/__admin"), (("--no-admin",), None)])
def test_the_command_gets_keys_that_the_office_accepts_and_the_admin_url(
    run: Run, flags: tuple[str, ...], admin: str | None
) -> None:
    names = ("BASE_URL", "ADMIN_URL", "DEVELOPER_KEY", "CUSTOMER_KEY")
    tell = f"import os; print(*(os.environ['OPENDENTAL_' + name] for name in {names}), sep='|')"
    ended = run("run", "--fixtures", "keys", *flags, "--", *PYTHON, tell)
    url, *rest = ended.stdout.splitlines()[0].split("|")
    assert rest == [url.replace("/api/v1", admin) if admin else "", "MockDeveloperKey", "FrontDesk"]


@pytest.mark.thorough
def test_every_rule_can_be_covered_and_a_missing_one_is_named(run: Run, tmp_path: Path) -> None:
    junit, as_json = tmp_path / "junit.xml", tmp_path / "report.json"
    files = ("--junit", str(junit), "--report", str(as_json))
    whole = run(
        "run",
        "--strict",
        "--resource",
        "all",
        "--fail-under",
        "100",
        *files,
        "--",
        sys.executable,
        str(HERE / "examples/every_rule.py"),
    )
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert json.loads(as_json.read_text())["percent"] == 100
    assert junit.read_text().count("<testcase") == json.loads(as_json.read_text())["total"]
    less = tmp_path / "less.py"
    text = (HERE / "examples/every_rule.py").read_text()
    assert "if not case.warns" in text
    missing = "claimtrackings.update.ClaimTrackingNum.unknown"
    less.write_text(text.replace("if not case.warns", f"if '{missing}' not in case.rules and not case.warns"))
    ended = run("run", "--strict", "--fail-under", "100", "--", sys.executable, str(less))
    assert ended.returncode == 1
    assert missing in ended.stdout


def test_reports_are_written_where_people_look(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ctrf, summary = tmp_path / "ctrf.json", tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ended = run("run", "--strict-headers", "--ctrf", str(ctrf), "--", *BARE)
    assert ended.stdout.startswith("::warning title=warning.no-content-type::"), ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("Contract coverage: ")
    failed = [
        test["extra"]["rule"] for test in json.loads(ctrf.read_text())["results"]["tests"] if test["status"] == "failed"
    ]
    assert failed == ["warning.no-content-type"]
    assert "| `claimtrackings/list` | 0 |" in summary.read_text("utf-8")


def test_the_journal_of_every_office_is_written_as_har(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "requests.har"
    command = (
        "for key in ('A', 'B'):\n os.environ['OPENDENTAL_CUSTOMER_KEY'] = key\n "
        + ASK.replace("{more}", "").partition("; ")[2]
    )
    ended = run(
        "run", "--office-per-key", "--har", str(file), "--", *PYTHON, f"import os, urllib.request as r\n{command}"
    )
    assert ended.returncode == 0, ended.stderr
    entries = json.loads(file.read_text())["log"]["entries"]
    assert [(one["_id"], one["response"]["status"]) for one in entries] == [(1, 200), (1, 200)]
    assert "MockDeveloperKey" not in file.read_text()


def test_look_ups_count_when_their_resource_is_named(run: Run) -> None:
    look_up = (*PYTHON, ASK.replace("/claimtrackings'", "/preferences'").replace("{more}", ""))
    alone, named = (
        run("run", "--", *look_up),
        run("run", "--resource", "preferences", "--only", "observed", "--", *look_up),
    )
    assert "  preferences/list            5 of   7" in alone.stdout, "it was called"
    assert "  preferences/list            2 of   2" in named.stdout
    assert "claimtrackings" not in named.stdout
    wrong = run("run", "--resource", "preference", "--", *look_up)
    assert wrong.returncode == 2
    assert f"--resource: invalid choice 'preference' (choose {', '.join(shipped_folders())} or all)" in wrong.stderr


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        (("--operation", "create"), "--operation: there is no operation create; did you mean claimtrackings/create?"),
        (("--ignore", "api.limit"), "--ignore: there is no rule api.limit; did you mean api.Limit?"),
        (
            ("--only", "serve"),
            "invalid choice 'serve' (choose documented, observed, assumed, served, refused, office or request)",
        ),
    ],
    ids=" ".join,
)
def test_a_command_is_not_run_if_a_flag_names_what_does_not_exist(run: Run, flags: tuple[str, ...], error: str) -> None:
    ended = run("run", *flags, "--", *PYTHON, "print('run')")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert error in ended.stderr


def test_rules_of_one_operation_and_kind_can_be_counted(run: Run) -> None:
    ended = run("run", "--operation", "claimtrackings/list", "--only", "served", "--only", "documented", "--", *FINE)
    assert [line.split()[0] for line in ended.stdout.splitlines() if " of " in line and "#" in line] == [
        "claimtrackings/list",
        "in",
    ]
    assert ended.stdout.splitlines()[-1] == "Contract coverage: 2 of 3 rules met (66.6 %)"


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node on this machine")
def test_a_command_of_another_language_is_measured_too(run: Run) -> None:
    script = (
        "const {OPENDENTAL_BASE_URL: url, OPENDENTAL_DEVELOPER_KEY: dev, OPENDENTAL_CUSTOMER_KEY: cust} = process.env;"
        "fetch(url + '/claimtrackings?ClaimNum=25', {headers: {Authorization: `ODFHIR ${dev}/${cust}`,"
        " 'Content-Type': 'application/json'}}).then(r => r.json()).then(rows => process.exit(rows.length === 3 ? 0 : 3))"
    )
    ended = run("run", "--strict", "--", "node", "-e", script)
    assert ended.returncode == 0, ended.stderr
    assert "claimtrackings.list.ClaimNum " not in ended.stdout, "it was met"


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(("number", "code"), [
    pytest.param("SIGINT", 130, marks=pytest.mark.thorough), ("SIGTERM", 143),
    pytest.param("SIGHUP", 129, marks=pytest.mark.thorough),
])  # fmt: skip
def test_a_signal_reaches_the_command_and_nothing_stays_behind(tmp_path: Path, number: str, code: int) -> None:
    pids = tmp_path / "pids"
    # If the tests run in the background, SIGINT is ignored, and a child inherits that.
    child = f"""
import os, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
with open({str(pids)!r} + '.part', 'w') as file:
    file.write(f'{{os.getpid()}} {{p.pid}}')
os.rename({str(pids)!r} + '.part', {str(pids)!r})
p.wait()
"""
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "run", "--", *PYTHON, child],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    try:
        end = time.monotonic() + MAX_WAIT
        while not pids.exists() and time.monotonic() < end:
            os.sched_yield()
        process.send_signal(getattr(signal, number))
        out, err = process.communicate(timeout=MAX_WAIT)
    finally:
        process.kill()
    assert process.returncode == code, err
    assert "Contract coverage:" in out
    for pid in map(int, pids.read_text().split()):
        end = time.monotonic() + 10
        while is_alive(pid) and time.monotonic() < end:
            os.sched_yield()
        assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_report_tells_of_a_server_that_runs(run: Run) -> None:
    command = (
        "import os, subprocess, sys; url = os.environ['OPENDENTAL_BASE_URL'];"
        + FINE[2]
        + "; ended = subprocess.run([sys.executable, '-m', 'mockserver', 'report', '--url', url, '--fail-under', '90'],"
        " capture_output=True, text=True); assert ended.returncode == 1, ended; print('asked:', ended.stdout.splitlines()[-1])"
    )
    ended = run("run", "--", *PYTHON, command)
    assert ended.returncode == 0, ended.stderr
    assert "asked: Contract coverage:" in ended.stdout


def test_report_without_a_server_is_wrong_use_in_one_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", "report", "--url", "http://127.0.0.1:9"],
        capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_at_a_terminal_a_command_that_will_not_end_is_ended() -> None:
    terminal, end_of_it = pty.openpty()
    stubborn = (
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "mockserver", "run", "--", *PYTHON, stubborn],
        stdin=end_of_it, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            process.send_signal(signal.SIGINT)  # which a terminal would send to the command itself
            process.terminate()
            out, _ = process.communicate(timeout=MAX_WAIT)
        finally:
            process.kill()
            os.close(terminal)
            os.close(end_of_it)
    assert process.returncode == 137
    assert "Contract coverage:" in out


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("is_at_a_terminal", [True, False])
def test_signals_that_come_before_the_command_is_up_are_kept(
    is_at_a_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, end_of_it = pty.openpty()
    with os.fdopen(terminal), os.fdopen(end_of_it) as stdin, Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", stdin if is_at_a_terminal else nothing)
        running = Running(Shutdown(lambda: 0, LogThread()))
        running.on_signal(signal.SIGINT)
        running.on_signal(signal.SIGTERM)
        with running.start([*PYTHON, "import signal; signal.pause()"], {}) as process:
            code = process.wait(MAX_WAIT)
    assert -code in ({signal.SIGKILL} if is_at_a_terminal else {signal.SIGINT, signal.SIGKILL})


CLEANS_UP = """
import os, signal, sys, time
def clean_up(*_):
    print("cleaning up", flush=True)
    time.sleep(float(sys.argv[1]))
    print("clean", flush=True)
    os._exit(5)
signal.signal(signal.SIGTERM, clean_up)
print("up", flush=True)
while True:
    signal.pause()
"""
NEEDS_ITS_TIME = "6.5"  # seconds; the server itself ends within 5


@pytest.mark.thorough
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(
    "seconds", [NEEDS_ITS_TIME, "600"], ids=["as long as it needs", "unless a second signal comes"]
)
def test_a_command_may_clean_up_after_a_signal(seconds: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with subprocess.Popen(
        [sys.executable, "-m", "mockserver", "run", "--report", str(report), "--", *PYTHON, CLEANS_UP, seconds],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            process.terminate()
            assert process.stdout.readline() == "cleaning up\n"
            if seconds != NEEDS_ITS_TIME:
                process.terminate()
            out = process.stdout.read()
            code = process.wait(MAX_WAIT)
        finally:
            process.kill()
    assert (out.startswith("clean\n"), code) == ((True, 5) if seconds == NEEDS_ITS_TIME else (False, 137))
    assert "Contract coverage:" in out
    assert report.exists()
