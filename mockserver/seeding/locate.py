"""Fixture locator: the files of a shipped office, a path, or the base that a fixture extends."""

from collections.abc import Iterator
from os.path import exists, isdir, isfile
from pathlib import Path

from mockserver.assets import shipped_offices
from mockserver.messages import listed, shown
from mockserver.seeding.diagnostics import FixtureNotFound
from mockserver.suggestions import closest
from mockserver.syntax import strict_json
from mockserver.syntax.yaml_events import YamlError

_SUFFIXES = (".yaml", ".yml", ".json")


def find(fixture: str) -> list[Path]:
    """Return the files of a shipped name, a file or a folder. Raises FixtureNotFound."""
    path = Path(fixture)
    try:
        if fixture and path.is_dir():
            files = sorted(_files(path))
            if not files:
                raise FixtureNotFound(f"{fixture}: no {', '.join(_SUFFIXES)} file in this folder")
            return files
        if fixture and path.exists():  # a file, or a pipe such as /dev/stdin
            return [path]
        names = shipped_offices()
        if fixture in names:
            return [names[fixture]]
        close = _suggestion(fixture, path.parent)
    except OSError as error:
        raise FixtureNotFound(f"{fixture}: {error.strerror}") from None
    raise FixtureNotFound(f"{fixture or repr(fixture)}: no such file, folder or shipped office{close}")


def find_base(file: Path, extends: str) -> Path:
    """Return the file that `file` names in `extends`. Raises FixtureNotFound."""
    beside = folder_of(file) / extends
    names = shipped_offices()
    try:
        if beside.is_file():
            return beside
        if extends in names:
            return names[extends]
        close = _suggestion(extends, beside.parent, but=file.name)
    except OSError as error:
        raise FixtureNotFound(f"{shown(extends)}: {error.strerror}") from None
    raise FixtureNotFound(f"{extends} is neither a file beside this one nor a shipped office{close}")


def folder_of(file: Path) -> Path:
    """Return the folder of the files that a fixture names: its own, or the working directory for /dev/stdin and pipes
    without a name, such as /dev/fd/63."""
    return Path() if file.is_absolute() and file.parts[1] in ("dev", "proc") else file.parent


def is_read_once(fixture: str) -> bool:
    """Return whether a fixture is a pipe or another device, whose contents cannot be read again."""
    return exists(fixture) and not (isfile(fixture) or isdir(fixture))


def is_json(file: Path, text: str) -> bool:
    """Return whether a fixture is JSON rather than YAML, by its name, or by its text if the name does not tell."""
    suffix = file.suffix.lower()
    if suffix in _SUFFIXES:
        return suffix == ".json"
    try:
        strict_json.read(text)
    except YamlError:
        return False
    return True


def _files(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        # `init` puts the schema for editors beside the fixture.
        if one.suffix.lower() in _SUFFIXES and not one.name.endswith(".schema.json") and one.is_file():
            yield one


def _suggestion(name: str, folder: Path, *, but: str = "") -> str:
    names = {name: name for name in shipped_offices()}
    if folder.is_dir():
        names |= {one.stem: str(Path(name).parent / one.name) for one in _files(folder) if one.name != but}
    close = closest(Path(name).stem, names)
    return f"; did you mean {names[close]}?" if close else f"; shipped are {listed(shipped_offices())}"
