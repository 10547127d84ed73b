"""Fixture loader tests: files that make an office, and all errors of files that do not."""

import gc
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.assets import shipped
from mockserver.messages import listed
from mockserver.office.office import Office
from mockserver.seeding.diagnostics import FixtureError, FixtureNotFound
from mockserver.seeding.load import load_office
from mockserver.work import WHILE_MAKING, collected_seldom
from support.effort import examples, parameters

CLAIM = "claim: [{ClaimNum: 1}]\n"
CLAIM_COLUMNS = (
    "ClaimNum, PatNum, DateService, DateSent, ClaimStatus, DateReceived, PlanNum, ProvTreat, ClaimFee, InsPayEst"
    " and 27 more"
)
TRACKING = CLAIM + "claimtracking:\n- {ClaimTrackingNum: 7, ClaimNum: 1, DateTimeEntry: 2023-07-20 14:05:45"
SHIPPED = sorted(path.stem for path in shipped("fixtures").glob("*.yaml"))
NOT_FOUND = f"shipped are {listed(SHIPPED)}"


def said(*fixtures: Path | str) -> list[str]:
    """Return the errors in fixtures, without their folder."""
    with pytest.raises(FixtureError) as refused:
        load_office(*map(str, fixtures))
    return [f"{one.line}:{one.column}: {one.message}" for one in refused.value.diagnostics]


def write(folder: Path, **files: str) -> None:
    """Write files with those texts; `_yaml` at the end of a name stands for `.yaml`."""
    for name, text in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_text(text, encoding="utf-8")


def notes(office: Office) -> dict[int, str]:
    return {record.number: record.row.Note for record in office.claimtracking.state().records}


@pytest.mark.parametrize("name", parameters(SHIPPED, quick={*SHIPPED} - {"large"}))
def test_a_shipped_office_loads_by_its_name(name: str) -> None:
    assert len(load_office(name).claimtracking) > 0


def test_without_a_name_it_is_the_default_office() -> None:
    assert load_office().claimtracking.state() == load_office("default").claimtracking.state()


def test_omitted_columns_have_their_defaults(tmp_path: Path) -> None:
    write(tmp_path, f_yaml="definition: [{DefNum: 5, Category: 31}]\n" + TRACKING + "}")
    office = load_office(str(tmp_path / "f.yaml"))
    record = office.claimtracking.get(7)
    assert record is not None
    assert json.loads(record.body) == {
        "ClaimTrackingNum": 7, "ClaimNum": 1, "TrackingType": "StatusHistory", "UserNum": 0,
        "DateTimeEntry": "2023-07-20 14:05:45", "Note": "", "TrackingDefNum": 0, "TrackingErrorDefNum": 0,
    }  # fmt: skip
    assert {row.ClaimNum: row.ClaimStatus for row in office.claim} == {1: "S"}
    assert [row.IsHidden for row in office.definition] == [False]
    assert office.preference.ClaimTrackingStatusExcludesNone is False


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "~", "{}", "\ufeff"], ids=repr)
def test_an_empty_file_is_an_empty_office(tmp_path: Path, text: str) -> None:
    write(tmp_path, f_yaml=text)
    office = load_office(str(tmp_path / "f.yaml"))
    assert (len(office.claimtracking), len(office.claim), len(office.definition)) == (0, 0, 0)


def test_later_rows_replace_and_add_to_those_before(tmp_path: Path) -> None:
    rows = [
        {"ClaimTrackingNum": 45, "ClaimNum": 99, "DateTimeEntry": "2020-01-01 00:00:00", "Note": "new"},
        {"ClaimTrackingNum": 90, "ClaimNum": 1, "DateTimeEntry": "2020-01-01 00:00:00", "Note": "more"},
    ]
    override = {"claim": [{"ClaimNum": 99}, {"ClaimNum": 1, "ClaimStatus": "W"}], "claimtracking": rows,
                "preference": {"ClaimTrackingStatusExcludesNone": True}}  # fmt: skip
    write(tmp_path, f_json=json.dumps(override))
    before, after = load_office(), load_office("default", str(tmp_path / "f.json"))
    assert notes(after) == notes(before) | {45: "new", 90: "more"}
    assert set(after.claim.numbers()) == {*before.claim.numbers(), 99}
    assert [(row.ClaimStatus, row.PatNum) for row in after.claim if row.ClaimNum == 1] == [
        ("W", 0)
    ]  # the row replaces the other whole
    assert after.preference.ClaimTrackingStatusExcludesNone is True
    assert after.claimtracking.next_number == 91


def test_a_folder_is_its_fixtures_by_name(tmp_path: Path) -> None:
    write(
        tmp_path, b_yml=TRACKING + ", Note: b}", a_json='{"claim": [{"ClaimNum": 2}]}', c_YAML=TRACKING + ", Note: c}"
    )
    write(tmp_path, notes_txt="not: [a fixture")
    (tmp_path / "d.yaml").mkdir()
    office = load_office(str(tmp_path))
    assert notes(office) == {7: "c"}
    assert list(office.claim.numbers()) == [1, 2]


@pytest.mark.parametrize("base", ["default", "beside.yaml", "sub/under.json", "../up.yaml"])
def test_a_fixture_extends_a_shipped_office_or_a_file_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    here = tmp_path / "here"
    (here / "sub").mkdir(parents=True)
    (tmp_path / "default").mkdir()  # the working directory, to which `extends: default` does not refer
    monkeypatch.chdir(tmp_path)
    rows = "claim: [{ClaimNum: 1}, {ClaimNum: 3}]"
    write(here, beside_yaml=rows, top_yaml=f"extends: {base}\nclaim: [{{ClaimNum: 1, ClaimStatus: W}}]")
    write(tmp_path, up_yaml=rows)
    write(here / "sub", under_json='{"claim": [{"ClaimNum": 1}, {"ClaimNum": 3}]}')
    office = load_office("here/top.yaml")
    assert [row.ClaimStatus for row in office.claim][:2] == ["W", "S"]


def test_a_base_that_two_fixtures_share_does_not_cover_the_first(tmp_path: Path) -> None:
    write(tmp_path, mine_yaml="extends: default\nclaim: [{ClaimNum: 99}]")
    office = load_office("status-required", str(tmp_path / "mine.yaml"))
    assert office.preference.ClaimTrackingStatusExcludesNone is True
    assert 99 in office.claim


def test_a_base_in_the_same_folder_does_not_cover_what_extends_it(tmp_path: Path) -> None:
    write(tmp_path, acme_yaml=f"extends: base.yaml\n{TRACKING}, Note: mine}}", base_yaml=TRACKING + ", Note: base}")
    assert notes(load_office(str(tmp_path))) == {7: "mine"}


def test_a_circle_of_extends_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_yaml="extends: b.yaml",
        b_yaml="# b\nextends: c.yaml",
        c_yaml="extends: b.yaml",
        d_yaml="extends: d.yaml",
    )
    circle = "b.yaml extends c.yaml extends b.yaml, in a circle; remove one of them"
    assert said(tmp_path / "a.yaml") == [f"1:10: extends: {circle}"]
    assert said(tmp_path / "d.yaml") == ["1:10: extends: d.yaml extends d.yaml, in a circle; remove one of them"]


@pytest.mark.parametrize(
    ("extends", "end"),
    [
        pytest.param("defualt", "; did you mean default?", id="nearly-shipped"),
        pytest.param("Base.yml", "; did you mean base.yaml?", id="nearly-beside"),
        pytest.param("sub/undr.yaml", "; did you mean sub/under.yaml?", id="nearly-below"),
        pytest.param("mee.yaml", f"; {NOT_FOUND}", id="not-itself"),
        pytest.param("nowhere/x.yaml", f"; {NOT_FOUND}", id="no-such-folder"),
    ],
)
def test_unknown_base_has_a_diagnostic_with_a_suggestion(tmp_path: Path, extends: str, end: str) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path, me_yaml=f"extends: {extends}\nclaimtracking: []", base_yaml="")
    write(tmp_path / "sub", under_yaml="")
    assert said(tmp_path / "me.yaml") == [
        f"1:10: extends: {extends} is neither a file beside this one nor a shipped office{end}"
    ]


@pytest.mark.parametrize(
    ("fixture", "message"),
    [
        pytest.param("statusrequired", "no such file, folder or shipped office; did you mean status-required?",
                     id="nearly-shipped"),
        pytest.param("acme.yml", "no such file, folder or shipped office; did you mean acme.yaml?",
                     id="nearly-a-file"),
        pytest.param("xyz", f"no such file, folder or shipped office; {NOT_FOUND}", id="nothing-like-it"),
        pytest.param("xyz/acme.yaml", f"no such file, folder or shipped office; {NOT_FOUND}", id="no-folder"),
        pytest.param("", f"no such file, folder or shipped office; {NOT_FOUND}", id="nothing"),
        pytest.param("empty", "no .yaml, .yml, .json file in this folder", id="folder-without-fixtures"),
    ],
)  # fmt: skip
def test_an_unknown_fixture_is_not_found_and_what_was_meant_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixture: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, acme_yaml="")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FixtureNotFound) as refused:
        load_office(fixture)
    assert str(refused.value) == f"{fixture or repr(fixture)}: {message}"


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"], ids=["endless", "NUL"])
def test_a_name_that_no_file_can_have_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(FixtureNotFound):
        load_office(name)
    write(tmp_path, f_json=json.dumps({"extends": name}))
    assert len(said(tmp_path / "f.json")) == 1


def test_a_moment_in_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="2023-7-2"):
        load_office(now="2023-7-2 9:5:1")


# The files in broken_fixtures have one mistake each, with its diagnostic; these are the cases that need more.
WRONG_IN_YAML = {
    "a column of no kind": ("claim: [{ClaimNum: 1, 'x\ty': 3}]", [
        f'1:23: claim[0]["x\\ty"] is not known; known are {CLAIM_COLUMNS}']),
    "definition without both": ("definition: [{}]", [
        "1:14: definition[0].Category is missing; every row has it: a whole number of 0 or more",
        "1:14: definition[0].DefNum is missing; every row has it: a whole number of 1 or more"]),
    "text is true": (TRACKING + ", Note: true}", [
        "3:80: claimtracking[0].Note must be text, and is true; put it in quotes"]),
    "text too long": (TRACKING + f", Note: {'x' * 65536}}}", [
        f'3:80: claimtracking[0].Note must have 65535 characters or fewer, and is "{"x" * 56}...']),
    "extends nothing": ("extends: ''", ['1:10: extends must not be empty, and is ""']),
    "extends a list": ("extends: [default]", ['1:10: extends must be text, and is ["default"]']),
    "time with a line break": (TRACKING.replace("2023-07-20 14:05:45", '"2023-07-20 14:05:45\\n"') + "}", [
        "3:53: claimtracking[0].DateTimeEntry must have the form of 2023-07-20 14:05:45 or now-3d,"
        ' and is "2023-07-20 14:05:45\\n"; did you mean 2023-07-20 14:05:45?']),
    "unknown claim of many": (
        f"claim: [{', '.join(f'{{ClaimNum: {n}}}' for n in range(1, 13))}]\nclaimtracking:\n"
        "- {ClaimTrackingNum: 7, ClaimNum: 99, DateTimeEntry: 2023-07-20 14:05:45}", [
            "3:35: claimtracking[0].ClaimNum 99 is not a claim of this office; claims are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
            " and 2 more"]),
    "wrong category": ("definition: [{DefNum: 5, Category: 43}, {DefNum: 6, Category: 31}]\n" + TRACKING
                       + ", TrackingDefNum: 5, TrackingErrorDefNum: 6}", [
        "4:90: claimtracking[0].TrackingDefNum 5 is of category 43; of category 31 are 6",
        "4:114: claimtracking[0].TrackingErrorDefNum 6 is of category 31; of category 43 are 5"]),
    "duplicate table keeps both": (CLAIM + "claim: [{ClaimNum: 2}, {ClaimNum: x}]\n" + TRACKING[len(CLAIM):] + "}", [
        "2:1: the key claim is here twice; remove one",
        '2:35: claim[2].ClaimNum must be a whole number, and is "x"']),
    "doubled preference": ("preference: {}\npreference: {x y: 1}", [
        "2:1: the key preference is here twice; remove one",
        "2:14: preference[\"x y\"] is not a name; a preference has a name of letters and digits"]),
    "the version among preferences": ("preference: {ProgramVersion: '25.1'}", [
        "1:14: preference.ProgramVersion is the version of the office, which is set under office: version"]),
    "an alias of a wrong row": ("claim: [&a {ClaimNum: 1, X: 1}, *a]", [
        f"1:26: claim[0].X is not known; known are {CLAIM_COLUMNS}",
        "1:33: claim[1].ClaimNum 1 is a duplicate of claim[0]; change one of the two",
        f"1:33: claim[1].X is not known; known are {CLAIM_COLUMNS}"]),
    # What follows from another mistake has no diagnostic of its own.
    "tracking of a claim that is not understood": (
        TRACKING.replace("claim: [{ClaimNum: 1}]", "claim: [{ClaimNum: '1'}]") + "}", [
            '1:20: claim[0].ClaimNum must be a whole number, and is "1"; leave out the quotes']),
    "tracking of a claim in a misspelt table": (TRACKING.replace("claim:", "clam:") + "}", [
        "1:1: clam is not known; did you mean claim?"]),
    "tracking of a definition that is not understood": (
        "definition: [{DefNum: 5, Category: '31'}]\n" + TRACKING + ", TrackingDefNum: 5}", [
            '1:36: definition[0].Category must be a whole number, and is "31"; leave out the quotes']),
    "tracking of no number": (TRACKING.replace("ClaimNum: 1,", "ClaimNum: [1],") + ", TrackingDefNum: {}}", [
        "3:35: claimtracking[0].ClaimNum must be a whole number, and is [1]",
        "3:92: claimtracking[0].TrackingDefNum must be a whole number, and is {}"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "diagnostics"), WRONG_IN_YAML.values(), ids=WRONG_IN_YAML)
def test_invalid_fixture_has_diagnostics_with_positions(tmp_path: Path, text: str, diagnostics: list[str]) -> None:
    write(tmp_path, f_yaml=text)
    assert said(tmp_path / "f.yaml") == diagnostics


WRONG_IN_JSON = {
    "empty": ("", ["1:1: not JSON: the file is empty; {} is an empty office"]),
    "null": ("null", ["1:1: a fixture must be a mapping of names to values, and is null"]),
    "open": ('{"claim": [1\n', ["2:1: not JSON: Expecting ',' delimiter"]),
    "YAML": ("claim: []", ["1:1: not JSON: Expecting value"]),
    "tab in text": ('{\n\t"extends": "a\tb"\n}', ["2:15: not JSON: Invalid control character"]),
    "open quotes": ('{"a', ["1:2: not JSON: Unterminated string starting"]),
    "more after it": ("{}\n{}", ["2:1: not JSON: Extra data"]),
    "NaN": ('{"claim": [{"ClaimNum":\tNaN}]}', [
        "1:25: not JSON: NaN is not a number; put it in quotes or leave it out"]),
    "NaN before other text": ("NaN\x00}", ["1:1: not JSON: NaN is not a number; put it in quotes or leave it out"]),
    "endless number before other text": (f"{'9' * 5000}x]", ["1:1: a number of 5000 digits is too long"]),
    "minus infinity": ("[-Infinity]", ["1:2: not JSON: -Infinity is not a number; put it in quotes or leave it out"]),
    "infinite after all": ('{"claim": [{"ClaimNum": 1e400}]}', [
        "1:25: claim[0].ClaimNum must be a whole number, and is Infinity"]),
    "endless number": (f'{{"claim": [{{"ClaimNum": {"9" * 5000}}}]}}', ["1:25: a number of 5000 digits is too long"]),
    "deep": ("[" * 100 + "]" * 100, ["1:65: nested deeper than 64 levels"]),
    "very deep": ("[" * 200_000, ["1:65: nested deeper than 64 levels"]),
    "duplicate column": ('{"claim": [{"ClaimNum": 1,\n"ClaimNum": 2}]}', [
        "2:1: the key ClaimNum is here twice; remove one"]),
    "duplicate table": ('{"claim":[{"ClaimNum":1}],\n\t"claim":[{"ClaimNum":2,\t"PatNum":"3"}]}', [
        "2:2: the key claim is here twice; remove one",
        '2:35: claim[1].PatNum must be a whole number, and is "3"; leave out the quotes']),
    "a merge key is nothing here": ('{"claim": [{"<<": {"ClaimNum": 1}, "ClaimNum": 2}]}', [
        f'1:13: claim[0]["<<"] is not known; known are {CLAIM_COLUMNS}']),
    "after what YAML cannot read": (
        '{"definition": [{"ItemName": "\\ud83d\\ude00\x7f/\\/",\n\t"DefNum":1,"Category":-1}]}', [
            "2:24: definition[0].Category must be 0 or more, and is -1"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "diagnostics"), WRONG_IN_JSON.values(), ids=WRONG_IN_JSON)
def test_invalid_json_fixture_has_diagnostics_with_positions(tmp_path: Path, text: str, diagnostics: list[str]) -> None:
    write(tmp_path, f_json=text)
    assert said(tmp_path / "f.json") == diagnostics


@pytest.mark.parametrize("name", ["f.yaml", "f.json"])
@pytest.mark.parametrize(
    ("raw", "place"),
    [
        pytest.param(b"\n\xc3\xa9x: \xff", "2:5", id="in-the-middle"),
        pytest.param(b"\xef\xbb\xbf\xc3\xa9x: \xff", "1:5", id="after-a-byte-order-mark"),
        pytest.param("claim: []".encode("utf-16"), "1:1", id="UTF-16"),
        pytest.param(b"a: \xed\xa0\x80", "1:4", id="surrogate"),
    ],
)
def test_invalid_utf_8_has_a_diagnostic_at_its_position(tmp_path: Path, name: str, raw: bytes, place: str) -> None:
    (tmp_path / name).write_bytes(raw)
    assert said(tmp_path / name) == [f"{place}: not UTF-8; save the file as UTF-8"]


def test_all_errors_are_reported_at_once_by_file_and_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        b_yaml="claim:\n- {ClaimNum: 1, X: 1}\n- x\n- {ClaimNum: 0}\n",
        a_json='{"claim": 5}',
        c_yaml="clam: [",
    )
    write(tmp_path, d_yaml="claimtracking: [{ClaimTrackingNum: 1, ClaimNum: 77, DateTimeEntry: 2023-07-20 14:05:45}]")
    with pytest.raises(FixtureError) as refused:
        load_office(str(tmp_path))
    diagnostics = refused.value.diagnostics
    assert diagnostics == sorted(diagnostics)
    assert [(Path(one.file).name, one.line, one.column) for one in diagnostics] == [
        ("a.json", 1, 11), ("b.yaml", 2, 17), ("b.yaml", 3, 3), ("b.yaml", 4, 14), ("c.yaml", 2, 1),
    ]  # fmt: skip
    assert str(refused.value).splitlines()[0] == f"{tmp_path / 'a.json'}:1:11: claim must be a list, and is 5"


def test_a_reference_into_another_layer_is_none_to_nothing(tmp_path: Path) -> None:
    write(tmp_path, f_yaml=TRACKING.removeprefix(CLAIM) + ", TrackingDefNum: 339}")
    load_office("default", str(tmp_path / "f.yaml"))
    assert len(said(tmp_path / "f.yaml")) == 2


_PIECES = [
    b"claim", b"claimtracking", b"definition", b"preference", b"extends", b"ClaimNum", b"ClaimTrackingNum", b"DefNum",
    b"Category", b"DateTimeEntry", b"default", b"2023-07-20 14:05:45", b": ", b"- ", b"\n", b"\n  ", b"{", b"}", b"[",
    b"]", b", ", b'"', b"1", b"1.0", b"-1", b"31", b"null", b"NaN", b"true", b"&a ", b"*a", b"<<", b"\t", b"\xc3\xa9",
    b"generate", b"rows", b"now-3d", b"\xff", b"\x00", b"\\ud800", b"\xef\xbb\xbf", b"#", b"...", b"---\n", b"..", b"/",
]  # fmt: skip
_VALUES = st.recursive(
    st.sampled_from([None, True, 0, 1, 31, 2**63, 1.5, "", "x", "2023-07-20 14:05:45", "now-3d", "\ud83d", "default"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["claim", "claimtracking", "definition", "preference", "apikey", "office", "extends", "generate"]
            )
            | st.sampled_from(
                ["ClaimNum", "ClaimTrackingNum", "DateTimeEntry", "Note", "DefNum", "Category", "rows", "<<", "", "é"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
_BYTES = (
    st.binary(max_size=60)
    | st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join)
    | _VALUES.map(lambda value: json.dumps(value).encode())
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@examples(500)
@given(st.sampled_from(["f.yaml", "f.json"]), _BYTES)
@example("f.yaml", b"claim: [{&a ClaimNum: 1, *a : 2, X: 1}]")
@example("f.json", b'{"definition": [{"ItemName": "\\ud83d\\ude00"}]}')
@example("f.json", b"NaN\x00}")
@example("f.json", b"9" * 5000 + b"]}")
@example("f.json", b'{"apikey": [{"DeveloperKey": "d", "CustomerKey": ["c"]}]}')
@example("f.json", b'{"extends": "default", "atnt": [1]}')  # taken for patient, so that rows of default.yaml are wrong
def test_any_bytes_are_an_office_or_a_list_of_diagnostics(folder: Path, name: str, raw: bytes) -> None:
    (folder / name).write_bytes(raw)
    try:
        load_office(str(folder / name))
    except FixtureError as error:
        diagnostics = error.diagnostics
    else:
        return
    for one in diagnostics:
        text = Path(one.file).read_bytes().decode("utf-8-sig", errors="replace")
        lines = text.replace("\r", "\n").replace("\x85", "\n")
        assert 1 <= one.line <= 2 + sum(lines.count(end) for end in "\n\u2028\u2029")
        assert one.column >= 1
        assert one.message


def test_a_load_leaves_the_garbage_collector_as_it_was() -> None:
    before = gc.get_threshold()
    load_office("empty")
    assert gc.get_threshold() == before
    with collected_seldom():
        assert gc.get_threshold() == tuple(map(max, before, WHILE_MAKING))
    assert gc.get_threshold() == before


@pytest.mark.parametrize("amount", [10**12, -(10**12), 999_999_999_999.999, 2**70])
@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        ("procedurelog", "ProcNum", "ProcFee"),
        ("claimpayment", "ClaimPaymentNum", "CheckAmt"),
        ("payment", "PayNum", "PayAmt"),
    ],
)
def test_an_amount_that_no_answer_can_have_is_refused(
    table: str, key: str, column: str, amount: float, tmp_path: Path
) -> None:
    office = tmp_path / "office.json"
    office.write_text(json.dumps({table: [{key: 1, column: amount}]}), encoding="utf-8")
    with pytest.raises(
        FixtureError, match=rf"{table}\[0\]\.{column} must be -?999999999999\.99 or (less|more), and is"
    ):
        load_office(str(office))
