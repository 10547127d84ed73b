"""Project copy: the package with its schemas and fixtures in another folder, to which a test adds resources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copied(folder: Path) -> Path:
    """Copy the project into a folder, and return that folder."""
    for name in ("mockserver", "schemas", "fixtures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a copy of the project, and with the support of the tests."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (project, ROOT / "tests")))}
    return subprocess.run(
        [sys.executable, *words], cwd=project, env=environment, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
