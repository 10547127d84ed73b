"""Packaging tests: the built and installed package works anywhere, without the checkout."""

import posixpath
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]
MAX_WAIT = 120
HEAVY = ("aiohttp", "jsonschema", "yaml", "pytest", "mockserver.web", "mockserver.contract.contract")


def run(*command: str | Path, cwd: Path) -> str:
    """Run the command. Return its standard output; a failure shows all of its output."""
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=cwd, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    if ended.returncode:
        pytest.fail(f"{command}: exit code {ended.returncode}\n{ended.stdout}\n{ended.stderr}")
    return ended.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it. Return their folder."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    """Return the wheel."""
    (file,) = dist.glob("*.whl")
    return file


class Environment:
    """A fresh virtual environment with this one's packages, but without the editable install of this project."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        scheme = sysconfig.get_paths("venv", {"base": str(folder), "platbase": str(folder)})
        self.packages = Path(scheme["purelib"])
        self.python = Path(scheme["scripts"]) / Path(sys.executable).name
        # A .pth file in a folder that another .pth file names is not read, so neither is that of the editable install.
        here = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (self.packages / "zz_dependencies.pth").write_text("\n".join(sorted(here)), encoding="utf-8")

    def install(self, *what: str | Path) -> None:
        """Install `what` alone. With --target, pip leaves other installed packages unchanged."""
        options = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--target")
        run(sys.executable, "-m", "pip", "install", *options, self.packages, *what, cwd=self.packages)


@pytest.fixture(scope="module", params=["wheel", "editable"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment in which the project is installed."""
    environment = Environment(tmp_path_factory.mktemp(request.param))
    if request.param == "editable":
        environment.install("--editable", ROOT)
    else:
        environment.install(request.getfixturevalue("wheel"))
    return environment


def files_below(folder: Path, *suffixes: str) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in suffixes}


def test_wheel_has_only_the_package_and_its_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    info = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    package = {f"mockserver/{name}" for name in files_below(ROOT / "mockserver", ".py", ".typed", ".mjs")} | {
        "mockserver/py.typed"
    }
    assets = ROOT / "mockserver" / "web" / "page" / "assets"
    page = {file.relative_to(ROOT).as_posix() for file in assets.rglob("*") if file.is_file()}
    assert "mockserver/web/page/assets/views/office.js" in page
    data = {
        f"mockserver/_data/{folder}/{name}"
        for folder in ("schemas", "fixtures", "docs")
        for name in files_below(ROOT / folder, ".json", ".yaml", ".md")
        if not name.startswith("decisions/")
    }
    assert {name.rpartition("/")[2] for name in info} >= {"METADATA", "RECORD", "WHEEL", "entry_points.txt"}
    assert names - info == package | page | data


def names_in_sdist(dist: Path) -> set[str]:
    (file,) = dist.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_linked_files_of_documents_are_in_the_sdist(dist: Path) -> None:
    names = names_in_sdist(dist)
    pages = [name for name in names if name.endswith(".md")]
    assert {"README.md", "docs/testing.md"} <= set(pages)
    for page in pages:
        folder = posixpath.dirname(page)
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text("utf-8"))
        linked = {posixpath.normpath(posixpath.join(folder, target)) for target in targets}
        assert linked - names == set(), page


def test_the_sdist_holds_what_is_needed_to_build_and_to_test(dist: Path) -> None:
    names = names_in_sdist(dist)
    assert {name.partition("/")[0] for name in names} == {
        ".ci", ".github", ".gitignore", ".pre-commit-hooks.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "Containerfile", "PKG-INFO", "README.md",
        "SECURITY.md", "action.yml", "docs", "fixtures", "mockserver", "pyproject.toml", "schemas", "tests",
    }  # fmt: skip
    assert {name for name in names if name.startswith("docs/")} == {
        file.relative_to(ROOT).as_posix() for file in ROOT.glob("docs/**/*") if file.is_file()
    }
    assert names >= {"tests/conftest.py", "schemas/office.json", "fixtures/default.yaml", "mockserver/py.typed"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_installed_it_loads_an_office_and_makes_an_app(installed: Environment, tmp_path: Path) -> None:
    code = "import mockserver; print(len(mockserver.load_office().claimtracking), mockserver.create_app())"
    count, app = run(installed.python, "-I", "-c", code, cwd=tmp_path).split(" ", 1)
    assert int(count) == 8
    assert app.startswith("<Application")


def test_installed_it_runs_from_where_it_was_installed(
    installed: Environment, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    code = "import mockserver.assets; print(mockserver.__file__); print(mockserver.assets.shipped('schemas'))"
    package, schemas = map(Path, run(installed.python, "-I", "-c", code, cwd=tmp_path).splitlines())
    if installed.packages in package.parents:
        assert schemas == package.parent / "_data" / "schemas"
    else:
        assert (package.parent.parent, schemas) == (ROOT, ROOT / "schemas")


@pytest.mark.parametrize("command", ["module", "script"])
def test_installed_the_command_checks_the_shipped_offices(installed: Environment, command: str, tmp_path: Path) -> None:
    scripts = [*installed.packages.glob("bin/opendental-mock"), *installed.packages.glob("Scripts/opendental-mock*")]
    words = ("-m", "mockserver") if command == "module" else (scripts[0],)
    assert run(installed.python, "-I", *words, "check", "default", "status-required", cwd=tmp_path) == ""


def test_installed_it_prints_the_documentation_of_the_checkout(installed: Environment, tmp_path: Path) -> None:
    assert run(installed.python, "-I", "-m", "mockserver", "docs", cwd=tmp_path) == run(
        sys.executable, "-m", "mockserver", "docs", cwd=tmp_path
    )


def test_folder_in_the_working_directory_is_not_taken_for_shipped(installed: Environment, tmp_path: Path) -> None:
    for name in ("schemas", "fixtures"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "default.yaml").write_text("not: ours", encoding="utf-8")
    assert run(installed.python, "-I", "-m", "mockserver", "check", "default", cwd=tmp_path) == ""


def test_importing_the_package_imports_nothing_that_is_slow(installed: Environment, tmp_path: Path) -> None:
    code = f"import sys, mockserver; print([name for name in {HEAVY} if name in sys.modules])"
    assert run(installed.python, "-I", "-c", code, cwd=tmp_path).strip() == "[]"


def test_checking_a_fixture_does_not_import_the_http_library(installed: Environment, tmp_path: Path) -> None:
    code = "import sys; from mockserver.cli import main; main(['check', 'default']); print('aiohttp' in sys.modules)"
    assert run(installed.python, "-I", "-c", code, cwd=tmp_path).strip() == "False"


def test_every_public_name_is_there_and_no_other_is(installed: Environment, tmp_path: Path) -> None:
    code = "import mockserver; print([getattr(mockserver, name) for name in mockserver.__all__]); mockserver.nothing"
    ended = subprocess.run(
        [str(installed.python), "-I", "-c", code],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    assert ended.stdout.startswith("[<class")
    assert ended.stderr.strip().endswith("AttributeError: module 'mockserver' has no attribute 'nothing'")
