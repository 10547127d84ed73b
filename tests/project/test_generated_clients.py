"""Tests of generated clients: openapi-generator makes them of the document, and they compile and read a claim.

They skip without the generator (the extra `clients`) or a language's own tools; with ALL_CLIENTS=1 they fail then.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from mockserver import MockServer

MAX_WAIT = 300
PROGRAMS = Path(__file__).parents[1] / "data" / "generated_clients"
GENERATOR = find_spec("openapi_generator_cli")
JAR = Path(GENERATOR.origin or "").with_name("openapi-generator.jar") if GENERATOR else Path()
CLASSES = os.pathsep.join(("classes", str(JAR)))  # the generator has the libraries that its Java clients need
OFFICE = """\
definition: [{DefNum: 338, Category: 31, ItemName: Pending}]
claim: [{ClaimNum: 15, CustomTracking: 338}]
"""
ONLY_CODE = "apiDocs=false,modelDocs=false,apiTests=false,modelTests=false"


class Language(NamedTuple):
    """The options of a generator, and in the folder of its client the commands that compile it, and its program."""

    options: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    program: tuple[str, ...] = ()


TSC = ("tsc", "--strict", "--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom", "--outDir", "js")
LANGUAGES: Mapping[str, Language] = {
    "typescript-fetch": Language((), ((*TSC, "main.ts"),), ("node", "js/main.js")),
    "java": Language(
        ("--library=native", "--additional-properties=openApiNullable=false"),
        (("javac", "-nowarn", "-proc:none", "-d", "classes", "-cp", CLASSES, "@sources"),),
        ("java", "-cp", CLASSES, "Main"),
    ),
    "python": Language((), (), (sys.executable, "main.py")),
    "csharp": Language((), ()),
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the document and the names as users write them."""
    check_tools("java")
    folder = tmp_path_factory.mktemp("document")
    for option, name in (("--for-clients", "openapi.json"), ("--name-mappings", "names.json")):
        (folder / name).write_text(run(folder, sys.executable, "-m", "mockserver", "openapi", option), "utf-8")
    return folder


@pytest.fixture
def made(request: pytest.FixtureRequest, document: Path, tmp_path: Path) -> Path:
    """Return the folder of a language's client, compiled."""
    name: str = request.param
    options, commands, program = LANGUAGES[name]
    check_tools(*(command[0] for command in (*commands, *filter(None, (program,)))))
    folder = tmp_path / name
    run(
        document, "java", "-jar", str(JAR), "generate", "-i", "openapi.json", "-c", "names.json",
        "-g", name, "-o", str(folder), "--global-property", ONLY_CODE, *options,
    )  # fmt: skip
    for file in PROGRAMS.glob("*.*"):
        shutil.copy(file, folder)
    (folder / "sources").write_text("\n".join(f'"{file.as_posix()}"' for file in folder.rglob("*.java")))
    for command in commands:
        run(folder, *command)
    return folder


def check_tools(*commands: str) -> None:
    """Skip the test if a tool is missing, or fail with ALL_CLIENTS=1."""
    missing = ["openapi-generator-cli"] if GENERATOR is None else []
    missing += [command for command in commands if shutil.which(command) is None]
    if missing and os.environ.get("ALL_CLIENTS") == "1":
        pytest.fail(f"{missing[0]} is not installed")
    if missing:
        pytest.skip(f"{missing[0]} is not installed")


def run(folder: Path, *command: str) -> str:
    """Run a command in a folder, and return what it prints."""
    found = shutil.which(command[0]) or command[0]  # on Windows with the end of its name
    ended = subprocess.run(
        [found, *command[1:]], cwd=folder, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False
    )
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
    return ended.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("made", [name for name, one in LANGUAGES.items() if one.program], indirect=True)
def test_a_generated_client_compiles_and_reads_a_claim(made: Path) -> None:
    office = made / "office.yaml"
    office.write_text(OFFICE, "utf-8")
    with MockServer(str(office)) as server:
        read = run(made, *LANGUAGES[made.name].program, server.url, server.headers["Authorization"])
    assert read.split() == ["15", "338", "Pending"]


@pytest.mark.thorough
@pytest.mark.parametrize("made", ["csharp"], indirect=True)
def test_no_class_of_csharp_has_two_members_of_one_name(made: Path) -> None:
    members = {file.name: re.findall(r"^ {8}public \S+ (\w+) \{ get;", file.read_text("utf-8"), re.M)
               for file in made.glob("src/*/Model/*.cs")}  # fmt: skip
    assert "customTrackingName" in members["Claim.cs"]
    assert {name: names for name, names in members.items() if len(names) != len({*names})} == {}
