"""The page on limits has the limits of the code."""

from pathlib import Path

import pytest

from mockserver.api.body import MAX_CHARACTERS, MAX_VALUES
from mockserver.journal.limits import MAX_BYTES, MAX_EXCHANGES
from mockserver.office.faults import MAX_FAULTS
from mockserver.office.preferences import MAX_PREFERENCES
from mockserver.seeding.generate import MAX_ROWS
from mockserver.seeding.layers import MAX_RUN
from mockserver.syntax.diagnostics import MAX_DIAGNOSTICS
from mockserver.syntax.document import MAX_BYTES as MAX_FILE_BYTES
from mockserver.syntax.reader import MAX_VALUES as MAX_FILE_VALUES
from mockserver.tenants.registry import MAX_TENANTS
from mockserver.tenants.tenant import MAX_SNAPSHOTS
from mockserver.web.admin.bodies import MAX_OBJECT_BYTES, MAX_OBJECT_NAMES
from mockserver.web.admin.filters import MAX_FILTERS
from mockserver.web.pieces import MAX_HEAD_BYTES
from mockserver.web.unreadable import MAX_HEADERS
from mockserver.web.uploads import MAX_SECONDS, MAX_SUM

PAGE = (Path(__file__).resolve().parents[2] / "docs/limits.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("head of a request | {:,} KiB", MAX_HEAD_BYTES // 1024), ("{} headers |", MAX_HEADERS),
        ("{} million characters; ", MAX_CHARACTERS / 1e6), ("64 levels; {:,} names and values |", MAX_VALUES),
        ("{:.0f} MB on all connections", MAX_SUM / 1e6), ("without progress for {:.0f} s", MAX_SECONDS),
        ("admin API | {:,} bytes", MAX_OBJECT_BYTES), ("{:,} names; ", MAX_OBJECT_NAMES), ("{:,} bytes for an office", MAX_FILE_BYTES),
        ("{:,} names and values, 64 levels", MAX_FILE_VALUES), ("{:,} names and values in a row", MAX_RUN), ("{:,} rows, copies", MAX_ROWS),
        ("{:,} preferences", MAX_PREFERENCES), ("{} faults", MAX_FAULTS), ("{} snapshots", MAX_SNAPSHOTS), ("| {}; one that was not", MAX_TENANTS),
        ("{:,} exchanges", MAX_EXCHANGES), ("{:,} bytes (`--journal-size`", MAX_BYTES), ("{} different ones", MAX_FILTERS),
        ("{} errors are shown", MAX_DIAGNOSTICS),
    ],
)  # fmt: skip
def test_the_page_on_limits_has_the_limits_of_the_code(said: str, limit: float) -> None:
    assert said.format(limit) in PAGE
