"""Tests of the pytest plugin in each phase: collection, setup, call, teardown, and the workers of pytest-xdist."""

import pytest

from support.suite import Suite

KINDS = """
import pytest

def test_mock(opendental_mock):
    ask(opendental_mock)

def test_session(opendental_mock_server):
    ask(opendental_mock_server)

@pytest.mark.xfail
def test_xfail(opendental_mock):
    ask(opendental_mock)
    assert False

def test_plain():
    pass

@pytest.mark.skip
def test_skipped(opendental_mock):
    pass

@pytest.mark.xfail(run=False)
def test_not_run(opendental_mock):
    pass

def test_skips_itself(opendental_mock):
    pytest.skip()
"""
GATE = "opendental_mock_fail_under = 90"
NO_GATE = "No test has used the server, so that the wanted percentage was not checked."


@pytest.mark.thorough
def test_the_gate_applies_only_if_a_test_of_the_mock_ran(suite: Suite) -> None:
    wanted = {
        "": 1,
        "-k mock": 1,
        "-k session": 1,
        "-k xfail": 1,
        "-k plain": 0,
        "-k skipped": 0,
        "-k skips": 0,
        "-k not_run": 0,
        "-k nothing": 5,
        "--collect-only": 0,
        "--setup-only": 0,
        "--setup-plan": 0,
        "--fixtures": 0,
        "--fixtures-per-test": 0,
        "--markers": 0,
        "--cache-show": 0,
        "--lf --lfnf=none": 5,
        "--setup-show": 1,
        "-k mock -o opendental_mock_fail_under=5": 0,
    }
    suite.write(KINDS, settings=GATE)
    ended = dict(zip(wanted, suite.run_each(*wanted), strict=True))
    assert {options: code for options, (code, _) in ended.items()} == wanted, ended
    assert [options for options, (_, out) in ended.items() if "fail-under 90" in out] == [
        options for options, code in wanted.items() if code == 1
    ]
    assert {options for options, (_, out) in ended.items() if NO_GATE in out} == {
        "-k plain", "-k skipped", "-k skips", "-k not_run", "--setup-only", "--setup-plan",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("-n1 -k mock", 1), ("-n1 -k session", 1), ("-n1 -k plain", 0), ("-n1 -k skips", 0), ("-n1 --collect-only", 0),
        ("-n1 --setup-only", 0), ("-n2 -k nothing", 5),
    ],
)  # fmt: skip
@pytest.mark.thorough
def test_the_gate_of_the_controller_knows_what_its_workers_ran(suite: Suite, options: str, code: int) -> None:
    ended = suite.run(KINDS, *options.split(maxsplit=1), settings=GATE)
    assert ended.returncode == code, ended.stdout
    assert ("fail-under 90" in ended.stdout) == (code == 1)


STOPS = """
def test_first(opendental_mock):
    ask(opendental_mock)

def test_second(opendental_mock):
    {}

def test_third(opendental_mock):
    ask(opendental_mock)
"""


@pytest.mark.parametrize(
    ("end", "options", "code"),
    [
        ("assert False", ("-x",), 1),
        pytest.param("raise KeyboardInterrupt", (), 2, marks=pytest.mark.thorough),
        pytest.param("import pytest; pytest.exit('done', returncode=0)", (), 1, marks=pytest.mark.thorough),
        pytest.param("assert False", ("-x", "-n1"), 2, marks=pytest.mark.thorough),
        pytest.param("import pytest; pytest.exit('done')", ("-n1",), 2, marks=pytest.mark.thorough),
    ],
)
def test_a_run_that_stops_early_reports_what_was_covered(
    suite: Suite, end: str, options: tuple[str, ...], code: int
) -> None:
    ended = suite.run(STOPS.format(end), "--opendental-mock-fail-under=90", *options)
    assert ended.returncode == code, ended.stdout
    assert "Contract coverage: 7 of " in ended.stdout
    assert "fail-under 90" in ended.stdout
    assert "is missing" not in ended.stdout


# As if a report could not be sent: xdist prints an internal error, and another worker may let it end with 0.
LOSES_A_WORKER = """
import pytest

def pytest_runtest_logreport(report):
    if report.failed and not hasattr(report, "node"):
        raise ValueError("a report that cannot be sent")
"""


@pytest.mark.thorough
@pytest.mark.parametrize("options", [(), ("--opendental-mock-fail-under=1",)], ids=["", "gate"])
def test_a_lost_worker_is_never_green(suite: Suite, options: tuple[str, ...]) -> None:
    ended = suite.run(STOPS.format("assert False"), "-n2", *options, conftest=LOSES_A_WORKER)
    if ended.returncode == 3:  # xdist stopped with an error of its own, before it could tell of the worker
        assert "INTERNALERROR" in ended.stdout
        return
    assert ended.returncode == 1, ended.stdout
    assert "FAILED: the coverage of gw" in ended.stdout
    assert "is missing; the worker crashed, or the run was stopped" in ended.stdout


@pytest.mark.thorough
def test_a_crash_of_a_worker_names_it(suite: Suite) -> None:
    ended = suite.run(STOPS.format("import os; os._exit(1)"), "-n1", "--opendental-mock-report")
    assert ended.returncode == 1
    assert "FAILED: the coverage of gw0 is missing" in ended.stdout


@pytest.mark.thorough
def test_a_lost_worker_of_other_tests_is_left_to_xdist(suite: Suite) -> None:
    ended = suite.run("def test_it():\n    import os; os._exit(1)\n", "-n1")
    assert "opendental-mock contract" not in ended.stdout


PHASES = """
import pytest

@pytest.fixture(params=["setup", "teardown"])
def fixture(request, opendental_mock):
    if request.param == "setup":
        assert ask(opendental_mock, "/claimtrackings?ClaimNum=99") == []
    yield
    if request.param == "teardown":
        assert ask(opendental_mock, "/claimtrackings?ClaimNum=99") == []

def test_it(fixture):
    pass
"""


@pytest.mark.thorough
def test_an_error_in_setup_or_teardown_shows_the_journal(suite: Suite) -> None:
    out = suite.run(PHASES).stdout
    assert "1 passed, 2 errors" in out
    for phase in ("setup", "teardown"):
        part = out.split(f"ERROR at {phase} of")[1].split("ERROR at")[0]
        assert "opendental-mock journal" in part
        assert "GET /api/v1/claimtrackings?ClaimNum=99 404" in part
        assert "refused by  claimtrackings.list.ClaimNum.unknown" in part


UNNOTICED = """
import pytest

@pytest.fixture(scope="session")
def opendental_mock_config():
    return {"strict": True}

@pytest.fixture
def cleans_up(opendental_mock):
    yield
    ask(opendental_mock, "/claimtrackings?claimnum=1")

def test_teardown(cleans_up):
    pass

@pytest.mark.opendental_mock(now="2024-01-01 00:00:00")
def test_marked(cleans_up):
    pass

def test_call(opendental_mock, cleans_up):
    ask(opendental_mock, "/claimtrackings?claimnum=2")

def test_session(opendental_mock_server):
    ask(opendental_mock_server, "/claimtrackings?claimnum=3")

def test_later(opendental_mock_server):
    opendental_mock_server.fault(name="throttled")

def test_latest(opendental_mock_server):
    assert ask(opendental_mock_server) == "Too many requests."
"""


@pytest.mark.thorough
def test_errors_that_a_test_does_not_notice_fail_it_in_each_phase(suite: Suite) -> None:
    out = suite.run(UNNOTICED, "-rA").stdout
    assert "2 failed, 4 passed, 3 errors" in out, out
    for name in ("test_teardown", "test_marked", "test_call"):
        assert f"ERROR test_it.py::{name} - Failed: a warning under strict" in out
    for name in ("test_call", "test_session"):
        assert f"FAILED test_it.py::{name} - Failed: a warning under strict" in out
    errors = out.split("ERROR at teardown of test_call")[1].split("opendental-mock journal")[0]
    assert "claimnum=1" in errors
    assert "claimnum=2" not in errors
    journal = out.split("_ test_session _")[1].split("opendental-mock journal")[1].split("___")[0]
    assert "claimnum=3" in journal
    assert "claimnum=1" not in journal
