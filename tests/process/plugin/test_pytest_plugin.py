"""Pytest plugin tests: its fixtures, failures and output in test suites of their own, also in parallel."""

import re

import pytest

from mockserver.contract.contract import shipped_contract
from support.effort import parameters
from support.observations import write_observed
from support.suite import Suite

FINE = """
def test_one(opendental_mock):
    assert ask(opendental_mock, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52

def test_two(opendental_mock):
    assert ask(opendental_mock, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52
    assert [one.status for one in opendental_mock.requests] == [201]

def test_three(opendental_mock):
    assert len(ask(opendental_mock, "/claimtrackings?ClaimNum=25")) == 3

def test_four(opendental_mock):
    assert ask(opendental_mock, "/claimtrackings/45", {"Note": "x"}, "PUT")["Note"] == "x"
"""


@pytest.mark.parametrize(
    ("options", "is_async"),
    [
        ((), True),
        pytest.param((), False, marks=pytest.mark.thorough),
        pytest.param(("-n", "2"), True, marks=pytest.mark.thorough),
        pytest.param(("-n", "4"), True, marks=pytest.mark.thorough),
    ],
    ids=str,
)
def test_each_test_has_a_reset_office_also_in_parallel(suite: Suite, options: tuple[str, ...], is_async: bool) -> None:
    ended = suite.run(FINE, "--opendental-mock-report", *options, is_async=is_async)
    assert ended.returncode == 0, ended.stdout
    assert "4 passed" in ended.stdout
    assert "Contract coverage: 16 of " in ended.stdout, ended.stdout


@pytest.mark.parametrize(
    ("options", "wanted", "code"),
    [
        pytest.param((), "10", 0, marks=pytest.mark.thorough),
        pytest.param((), "50", 1, marks=pytest.mark.thorough),
        pytest.param(("-n", "2"), "10", 0, marks=pytest.mark.thorough),
        pytest.param(("-n", "2"), "50", 1, marks=pytest.mark.thorough),
    ],
    ids=str,
)
def test_too_little_coverage_fails_the_run(suite: Suite, options: tuple[str, ...], wanted: str, code: int) -> None:
    ended = suite.run(FINE, "--opendental-mock-fail-under", wanted, *options)
    assert ended.returncode == code, ended.stdout
    assert "4 passed" in ended.stdout
    assert ("fail-under 50" in ended.stdout) == (code == 1)


SETTINGS = """
opendental_mock_fail_under = 80
opendental_mock_operation = ["claimtrackings/create"]
opendental_mock_only = ["served", "documented"]
opendental_mock_ignore = ["claimtrackings.create.Note"]
"""
FLAGS = (
    "--opendental-mock-fail-under=80", "--opendental-mock-operation=claimtrackings/create",
    "--opendental-mock-only=served", "--opendental-mock-only=documented", "--opendental-mock-ignore=claimtrackings.create.Note",
)  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize(("flags", "settings"), [
    pytest.param(FLAGS, "", id="flags"), pytest.param((), SETTINGS, id="pyproject.toml"),
])  # fmt: skip
def test_the_rules_that_count_can_be_chosen(suite: Suite, flags: tuple[str, ...], settings: str) -> None:
    ended = suite.run(FINE, *flags, settings=settings)
    assert ended.returncode == 1, ended.stdout
    (left_out,) = re.findall("left out of the count: (.*)", ended.stdout)
    assert sorted(re.sub(r"\d+", "N", left_out.replace("1 ignored", "one ignored")).split(", ")) == [
        "N assumed", "N refused", "one ignored",
    ]  # fmt: skip
    assert "Contract coverage: 6 of 8 rules met (75 %)" in ended.stdout
    assert "FAILED: coverage is 75 %, below --opendental-mock-fail-under 80" in ended.stdout


@pytest.mark.thorough
def test_an_option_overrides_the_configuration_file(suite: Suite) -> None:
    settings = SETTINGS + 'opendental_mock_report = true\nopendental_mock_resource = "definitions"\n'
    options = ("--opendental-mock-fail-under=20", "--opendental-mock-operation=claimtrackings/update",
               "--opendental-mock-resource=employees", "--opendental-mock-only=served", "--opendental-mock-ignore=api.Limit")  # fmt: skip
    ended = suite.run(FINE, *options, settings=settings)
    table = ended.stdout.split("in all")[0].split("refused\n")[1]
    assert {line.split()[0] for line in table.splitlines() if line.strip()} == {
        "any", "employees/list", "claimtrackings/update",
    }  # fmt: skip
    assert "1 ignored" in ended.stdout
    assert ended.returncode == 0, "20 % is enough"


@pytest.mark.thorough
def test_the_configuration_file_can_ask_for_the_report(suite: Suite) -> None:
    settings = "opendental_mock_report = true"
    short, whole = suite.run(FINE, settings=settings), suite.run(FINE, "--verbose", settings=settings)
    assert (short.returncode, whole.returncode) == (0, 0)
    assert "(--verbose lists all)" in short.stdout
    assert "(--verbose lists all)" not in whole.stdout
    assert "Contract coverage: 16 of " in whole.stdout


@pytest.mark.parametrize(
    ("options", "settings", "error"),
    [
        (["--opendental-mock-operation=create"], "", "--opendental-mock-operation: there is no operation create; did you mean claimtrackings/create?"),
        pytest.param([], 'opendental_mock_only = "serve"', "--opendental-mock-only: invalid choice 'serve' (choose documented, observed, assumed, served, refused, office or request)", marks=pytest.mark.thorough),
        pytest.param([], 'opendental_mock_ignore = ["warning.base-path"]', "--opendental-mock-ignore: there is no rule warning.base-path", marks=pytest.mark.thorough),
        ([], "opendental_mock_fail_under = 101", "opendental_mock_fail_under: '101' is not a percentage; give a number from 0 to 100"),
        pytest.param(["--opendental-mock-fail-under=x"], "", "'x' is not a percentage; give a number from 0 to 100", marks=pytest.mark.thorough),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_an_error_before_any_test_runs(
    suite: Suite, options: list[str], settings: str, error: str
) -> None:
    ended = suite.run(FINE, *options, settings=settings)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert error in ended.stderr
    assert "collected" not in ended.stdout


def test_a_marker_gives_a_test_a_server_of_its_own(suite: Suite) -> None:
    tests = """
import pytest

@pytest.mark.opendental_mock(fixtures="status-required", now="2024-01-01 00:00:00")
def test_marked(opendental_mock):
    assert opendental_mock.clock.now == "2024-01-01 00:00:00"
    assert ask(opendental_mock, body={"ClaimNum": 15}) == "TrackingDefNum is required."

def test_unmarked(opendental_mock):
    assert ask(opendental_mock, body={"ClaimNum": 15})["TrackingDefNum"] == 0

@pytest.mark.opendental_mock(now="2024-01-01 00:00:00")
class TestNested:
    @pytest.mark.opendental_mock(now="2025-01-01 00:00:00")
    def test_the_nearest_marker_wins(self, opendental_mock):
        assert opendental_mock.clock.now == "2025-01-01 00:00:00"
"""
    ended = suite.run(tests, "--strict-markers", "--opendental-mock-report")
    assert ended.returncode == 0, ended.stdout
    assert "3 passed" in ended.stdout


@pytest.mark.thorough
def test_a_marker_takes_fixtures_by_position(suite: Suite) -> None:
    conftest = """
import pytest

@pytest.fixture(scope="session")
def opendental_mock_config():
    return {"fixtures": ["default", "empty"], "now": "2024-01-01 00:00:00"}
"""
    tests = """
import pytest

@pytest.mark.opendental_mock("status-required")
class TestIt:
    def test_one(self, opendental_mock):
        assert opendental_mock.preferences["ClaimTrackingStatusExcludesNone"]
        assert opendental_mock.clock.now == "2024-01-01 00:00:00"

    @pytest.mark.opendental_mock("default", "paging")
    def test_several(self, opendental_mock):
        assert len(opendental_mock.office.claimtracking) > 100
        assert not opendental_mock.preferences["ClaimTrackingStatusExcludesNone"]
"""
    ended = suite.run(tests, conftest=conftest)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.thorough
def test_a_marker_that_cannot_be_is_an_error_that_says_what_can(suite: Suite) -> None:
    wrong = {
        '"default", fixtures="paging"': "give them by position or as fixtures=, not both",
        "fixture='paging'": "there is no setting fixture; did you mean fixtures? There are fixtures, now, office, observed",
        "mode='cloud'": "mode: invalid choice 'cloud' (choose remote, local or service)",
        "5": "fixtures: 5 is not text",
    }
    tests = [
        f"@pytest.mark.opendental_mock({marker})\ndef test_{number}(opendental_mock):\n    pass\n"
        for number, marker in enumerate(wrong)
    ]
    ended = suite.run("import pytest\n" + "".join(tests))
    assert f"{len(wrong)} errors" in ended.stdout
    of_each = ended.stdout.split("ERROR at setup of ")[1:]
    assert [words for words, said in zip(wrong.values(), of_each, strict=True) if words not in said] == []


@pytest.mark.thorough
def test_a_conftest_can_say_what_the_sessions_server_is_like(suite: Suite) -> None:
    conftest = """
import pytest

@pytest.fixture(scope="session")
def opendental_mock_config():
    return {"fixtures": ["default", "status-required"], "now": "2024-01-01 00:00:00"}
"""
    tests = """
def test_it(opendental_mock, opendental_mock_server):
    assert opendental_mock is opendental_mock_server
    assert opendental_mock.preferences["ClaimTrackingStatusExcludesNone"]
"""
    ended = suite.run(tests, conftest=conftest)
    assert ended.returncode == 0, ended.stdout


FAILING = """
import pytest

def test_unhit(opendental_mock):
    opendental_mock.fault(name="throttled")

def test_no_match(opendental_mock):
    opendental_mock.fault(name="throttled", operation="claimtrackings/list", match={"ClaimNum": 15})
    ask(opendental_mock, "/claimtrackings?ClaimNum=25")

def test_hit(opendental_mock):
    opendental_mock.fault(name="throttled")
    assert ask(opendental_mock) == "Too many requests."

def test_failed_hook(opendental_mock):
    def check():
        assert len(opendental_mock.office.claim) == 6, "a claim is missing"
    opendental_mock.on(operation="claimtrackings/list", do=check)
    ask(opendental_mock)

def test_hook_that_never_ran(opendental_mock):
    opendental_mock.on(operation="claimtrackings/list", after=2, do=print)
    ask(opendental_mock)

def test_hook(opendental_mock):
    opendental_mock.on(operation="claimtrackings/list", do=print)
    ask(opendental_mock)

@pytest.mark.opendental_mock(strict=True)
@pytest.mark.parametrize("path", ["/claimtrackings?claimnum=25", "/claimtrackings"], ids=["warning", "none"])
def test_strict(opendental_mock, path):
    ask(opendental_mock, path)

def test_journal(opendental_mock):
    ask(opendental_mock, body={"ClaimNum": 15, "Note": "Look at me."}, Authorization="ODFHIR SecretDev/SecretKey")
    opendental_mock.fault(name="throttled")
    ask(opendental_mock)
    assert False

def test_refused(opendental_mock):
    assert "ClaimTrackingNum" in ask(opendental_mock, body={"ClaimNum": 15, "TrackingDefNum": 340})

def test_broken(opendental_mock):
    def spoil():
        opendental_mock.tenant.office.claim._by_number[0] = None  # a claim that no schema allows
    opendental_mock.call(spoil)
    ask(opendental_mock, body={"ClaimNum": 0})
"""


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run FAILING. Return what is printed about each of its tests that fails."""
    ended = Suite(tmp_path_factory.mktemp("failing")).run(FAILING)
    assert ended.returncode == 1, ended.stdout
    parts = re.split(r"^_+ (test_\S+) _+\n", ended.stdout.partition(" short test summary info ")[0], flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_only_what_is_wrong_fails(failures: dict[str, str]) -> None:
    tests = {f"test_{name}" for name in re.findall(r"^def test_(\w+)", FAILING, re.M)}
    assert failures.keys() == tests - {"test_hit", "test_hook", "test_strict"} | {"test_strict[warning]"}


FAULT, HOOK = "a fault was set and never hit: throttled on", "the hook claimtrackings/list after 1 failed:"
REFUSED = "claimtrackings.create.TrackingDefNum.category"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("test_unhit", (f"{FAULT} any\n",)),
        ("test_no_match", (f'{FAULT} claimtrackings/list with match {{"ClaimNum": 15}}\n',)),
        ("test_failed_hook", (f"{HOOK}\nTraceback", "AssertionError: a claim is missing")),
        ("test_hook_that_never_ran", ("a hook was set and never ran: claimtrackings/list after 2, of which 1 came",)),
        ("test_strict[warning]", ("did you mean ClaimNum?", "GET /api/v1/claimtrackings?claimnum=25 400")),
        ("test_journal", ("opendental-mock journal", "Look at me.", "fault  throttled", "201")),
        ("test_refused", (f"     refused by  {REFUSED}: {shipped_contract().rules[REFUSED].says}\n",
                          "     hint  definitions of category 31 in this office: 339, 341, 342, 345\n")),
        ("test_broken", ("opendental-mock broke its own contract", "POST /api/v1/claimtrackings 500")),
    ],
)  # fmt: skip
def test_a_failed_test_says_why(failures: dict[str, str], name: str, told: tuple[str, ...]) -> None:
    assert [words for words in told if words not in failures[name]] == []


def test_the_journal_of_a_failed_test_has_no_secrets(failures: dict[str, str]) -> None:
    assert "SecretKey" not in failures["test_journal"].split("opendental-mock journal")[1]


def test_a_run_that_never_asks_for_the_server_imports_nothing_of_it(suite: Suite) -> None:
    tests = """
import sys

def test_it():
    assert not {"aiohttp", "jsonschema", "jsonschema_rs", "yaml", "mockserver.web", "mockserver.reports.report"} & set(sys.modules)
"""
    ended = suite.run(tests, "--opendental-mock-report")
    assert ended.returncode == 0, ended.stdout
    assert "No test has used the server." in ended.stdout


@pytest.mark.thorough
def test_a_child_process_and_an_async_client_can_be_the_system_under_test(suite: Suite) -> None:
    tests = """
import asyncio, subprocess, sys
import aiohttp

def test_child(opendental_mock):
    script = f"import urllib.request; print(len(urllib.request.urlopen('{opendental_mock.url}/claimtrackings').read()))"
    assert int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout) > 500

async def test_async(opendental_mock):
    async with aiohttp.ClientSession(headers=opendental_mock.headers) as session:
        async with session.get(opendental_mock.url + "/claimtrackings") as answer:
            assert len(await answer.json()) == 8
"""
    ended = suite.run(tests, "-o", "asyncio_mode=auto", is_async=True)
    assert "2 passed" in ended.stdout, ended.stdout


@pytest.mark.thorough
def test_the_marker_takes_observations_which_a_failed_test_shows(suite: Suite) -> None:
    rule = "claimtrackings.list.ClaimNum.zero"
    write_observed(suite.folder, {rule: {"outcome": "differs", "variant": "all"}, "api.Limit.clamped": {
        "outcome": "differs", "variant": "refused"}})  # fmt: skip
    ended = suite.run("""
import pytest

@pytest.mark.opendental_mock(observed="observed.yaml")
def test_it(opendental_mock):
    assert len(ask(opendental_mock, "/claimtrackings?ClaimNum=0")) == 8
    assert ask(opendental_mock, "/claimtrackings?Limit=1000") == "Limit is invalid."
    assert False
""")
    assert "refused by  api.Limit.clamped: A Limit above the server's own limit is refused." in ended.stdout, (
        ended.stdout
    )


@pytest.mark.thorough
def test_settings_of_a_server_and_their_paths_belong_to_the_rootdir(suite: Suite) -> None:
    for name, claim in (("ini", 1), ("conftest", 2), ("marker", 3)):
        (suite.folder / f"{name}.yaml").write_text(f"claim: [{claim}]\n")
    (suite.folder / "token").write_text("Sesame\n")
    (suite.folder / "below").mkdir()
    settings = """
opendental_mock_fixtures = ["ini.yaml"]
opendental_mock_strict = true
opendental_mock_no_admin = false
opendental_mock_now = "2026-01-15 10:00:00"
opendental_mock_admin_token = "@token"
opendental_mock_journal_size = 3
"""
    tests = """
import pathlib, pytest
from mockserver import load_office

def facts(mock):
    return [claim.ClaimNum for claim in mock.office.claim], mock.clock.now

def test_ini(opendental_mock):
    assert facts(opendental_mock) == (EXPECTED, "2026-01-15 10:00:00")
    health = urllib.request.Request(opendental_mock.admin_url + "/health", headers={"X-Mock-Admin-Token": "Sesame"})
    with urllib.request.urlopen(health, timeout=30) as answer:
        assert pathlib.Path(json.load(answer)["fixtures"][0]).is_absolute()
    for _ in range(5):
        ask(opendental_mock)
    assert len(opendental_mock.requests) == 3

@pytest.mark.opendental_mock(pathlib.Path("marker.yaml"), now="2026-01-16 10:00:00")
def test_marker(opendental_mock):
    assert facts(opendental_mock) == ([3], "2026-01-16 10:00:00")

@pytest.mark.opendental_mock("empty")
def test_shipped(opendental_mock):
    assert facts(opendental_mock) == ([15, 19, 25], "2026-01-15 10:00:00")

@pytest.mark.opendental_mock(office=load_office("empty", now="2026-01-17 10:00:00"), strict=False)
def test_office(opendental_mock):
    assert facts(opendental_mock) == ([15, 19, 25], "2026-01-17 10:00:00")
    assert len(ask(opendental_mock, "/claimtrackings?x=1")) == 1
"""
    ended = suite.run(tests.replace("EXPECTED", "[1]"), "..", settings=settings, cwd="below")
    assert "4 passed" in ended.stdout, ended.stdout
    conftest = """
import pytest

@pytest.fixture(scope="session")
def opendental_mock_config():
    return {"fixtures": ["conftest.yaml"]}
"""
    again = tests.partition("@pytest")[0].replace("EXPECTED", "[2]")
    ended = suite.run(again, "..", settings=settings, cwd="below", conftest=conftest)
    assert "1 passed" in ended.stdout, ended.stdout


@pytest.mark.thorough
def test_an_invalid_setting_of_the_configuration_file_is_wrong_use(suite: Suite) -> None:
    ended = suite.run(FINE, settings='opendental_mock_mode = "cloud"')
    assert ended.returncode == 4
    assert "opendental_mock_mode: invalid choice 'cloud' (choose remote, local or service)" in ended.stderr


UNSERVED = """
import pytest

{marker}
def test_it(opendental_mock):
    for _ in range(2):
        ask(opendental_mock, "/referrals")
    ask(opendental_mock, "/labcases/15", {{}}, "PUT")
"""
IN_SETUP = """
import pytest

@pytest.fixture(scope="session", autouse=True)
def set_up(opendental_mock_server):
    ask(opendental_mock_server, "/referrals")

def test_it():
    pass
"""
PASSES = [
    pytest.param(
        "",
        ("--opendental-mock-allow-unserved=referrals", "--opendental-mock-allow-unserved=labcases"),
        "",
        marks=pytest.mark.thorough,
    ),
    pytest.param("", (), 'opendental_mock_allow_unserved = ["all"]', marks=pytest.mark.thorough),
    pytest.param(
        '@pytest.mark.opendental_mock(allow_unserved=["referrals", "labcases"])', (), "", marks=pytest.mark.thorough
    ),
    pytest.param('@pytest.mark.opendental_mock("empty", allow_unserved="all")', (), "", marks=pytest.mark.thorough),
    pytest.param(
        '@pytest.mark.opendental_mock(allow_unserved="labcases")',
        ("--opendental-mock-allow-unserved=referrals",),
        "",
        marks=pytest.mark.thorough,
    ),
]


@pytest.mark.parametrize("options", parameters([(), ("-n1",)], quick=[()]), ids=["alone", "with xdist"])
def test_what_is_not_served_fails_the_test_that_asks_for_it(suite: Suite, options: tuple[str, ...]) -> None:
    ended = suite.run(UNSERVED.format(marker=""), "--opendental-mock-allow-unserved=laboratories", *options)
    assert ended.returncode == 1
    assert (
        ended.stdout.count("opendental-mock does not serve GET /referrals; --opendental-mock-allow-unserved RESOURCE")
        == 1
    )
    assert "opendental-mock does not serve PUT /labcases/{LabCaseNum}; " in ended.stdout
    assert "1  GET /api/v1/referrals 501" in ended.stdout
    assert (
        "FAILED: 3 requests for what opendental-mock does not serve: GET /referrals, PUT /labcases/{LabCaseNum}"
        in ended.stdout
    )


@pytest.mark.parametrize(("marker", "options", "settings"), PASSES)
@pytest.mark.parametrize("more", parameters([(), ("-n1",)], quick=[()]), ids=["alone", "with xdist"])
def test_what_is_not_served_can_be_allowed(
    suite: Suite, marker: str, options: tuple[str, ...], settings: str, more: tuple[str, ...]
) -> None:
    ended = suite.run(UNSERVED.format(marker=marker), *options, *more, "--opendental-mock-report", settings=settings)
    assert ended.returncode == 0, ended.stdout
    assert "Not served (501" in ended.stdout
    assert "FAILED" not in ended.stdout


@pytest.mark.thorough
def test_a_request_outside_any_test_fails_the_run(suite: Suite) -> None:
    ended = suite.run(IN_SETUP)
    assert ended.returncode == 1
    assert "1 passed" in ended.stdout
    assert (
        "FAILED: 1 request for what opendental-mock does not serve: GET /referrals; --opendental-mock" in ended.stdout
    )
    assert suite.run(IN_SETUP, "--opendental-mock-allow-unserved=referrals").returncode == 0


@pytest.mark.parametrize(
    ("given", "option", "told"),
    [
        ('"referral"', (), "the vendor has no resource referral; did you mean referrals?"),
        pytest.param("3", (), "3 is neither a text nor a list of texts", marks=pytest.mark.thorough),
        pytest.param(
            '"all"',
            ("--opendental-mock-allow-unserved=Patients",),
            "--opendental-mock-allow-unserved: the vendor has no",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_only_a_resource_of_the_vendor_can_be_allowed(
    suite: Suite, given: str, option: tuple[str, ...], told: str
) -> None:
    marker = f"@pytest.mark.opendental_mock(allow_unserved={given})"
    ended = suite.run(UNSERVED.format(marker=marker), *option)
    assert ended.returncode in (1, 4)
    assert told in ended.stdout + ended.stderr
