"""Hash seed tests: the same responses, headers, warnings and diagnostics under two hash seeds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.thorough
def test_output_does_not_depend_on_the_hash_seed() -> None:
    command = [sys.executable, str(TESTS / "support" / "every_case.py"), str(TESTS / "data" / "broken_fixtures")]
    runs = [
        subprocess.Popen(
            command,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(TESTS)},
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for seed in ("1", "3")  # which give the columns of a create opposite orders
    ]
    first, second = (run.communicate(timeout=300)[0].splitlines() for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert len(first) > 300
    assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == []
