"""Which files a name stands for: a shipped office, a file, a folder, or what a fixture extends."""

from collections.abc import Iterator
from pathlib import Path

from mockserver.assets import shipped
from mockserver.complaints import FixtureNotFound
from mockserver.wording import listed, nearly, shown

_SUFFIXES = (".yaml", ".yml", ".json")


def find(fixture: str) -> list[Path]:
    """The files that a shipped name, a file or a folder stands for. Raises FixtureNotFound."""
    path = Path(fixture)
    try:
        if fixture and path.is_dir():
            files = sorted(_files(path))
            if not files:
                raise FixtureNotFound(f"{fixture}: no {', '.join(_SUFFIXES)} file in this folder")
            return files
        if path.is_file():
            return [path]
        names = _shipped()
        if fixture in names:
            return [names[fixture]]
        close = _nearly(fixture, path.parent)
    except OSError as error:
        raise FixtureNotFound(f"{fixture}: {error.strerror}") from None
    raise FixtureNotFound(f"{fixture or repr(fixture)}: no such file or folder, and no shipped office{close}")


def find_base(file: Path, extends: str) -> Path:
    """The file that `file` extends by that word. Raises FixtureNotFound."""
    beside = file.parent / extends
    names = _shipped()
    try:
        if beside.is_file():
            return beside
        if extends in names:
            return names[extends]
        close = _nearly(extends, beside.parent, but=file.name)
    except OSError as error:
        raise FixtureNotFound(f"{shown(extends)}: {error.strerror}") from None
    raise FixtureNotFound(f"{extends} is no file beside this one and no shipped office{close}")


def is_json(file: str | Path) -> bool:
    """Whether a fixture of that name is JSON rather than YAML."""
    return Path(file).suffix.lower() == ".json"


def _files(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        # `init` puts the schema for editors beside the fixture.
        if one.suffix.lower() in _SUFFIXES and not one.name.endswith(".schema.json") and one.is_file():
            yield one


def _shipped() -> dict[str, Path]:
    return {one.stem: one for one in sorted(shipped("fixtures").glob("*.yaml"))}


def _nearly(name: str, folder: Path, *, but: str = "") -> str:
    names = {name: name for name in _shipped()}
    if folder.is_dir():
        names |= {one.stem: str(Path(name).parent / one.name) for one in _files(folder) if one.name != but}
    close = nearly(Path(name).stem, names)
    return f"; did you mean {names[close]}?" if close else f"; shipped are {listed(_shipped())}"
