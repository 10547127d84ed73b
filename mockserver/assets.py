"""Package data: the shipped schemas, fixtures and documentation, and the version."""

from pathlib import Path


def shipped(folder: str) -> Path:
    """Return the path of the folder `schemas`, `fixtures` or `docs` that belongs to this package.

    A wheel holds them under `_data`. That folder is tried first, so that an installed package never uses a folder of
    the same name that is next to it. Without it, this is a checkout, and the folder is next to the package.
    """
    package = Path(__file__).resolve().parent
    packaged = package / "_data" / folder
    return packaged if packaged.is_dir() else package.parent / folder


def shipped_offices() -> dict[str, Path]:
    """Return the fixture of each shipped office, by its name."""
    return {file.stem: file for file in sorted(shipped("fixtures").glob("*.yaml"))}


def readme() -> str:
    """Return README: in a checkout the file, otherwise the description in the metadata of this package."""
    from importlib.metadata import metadata

    file = shipped("docs").parent / "README.md"
    return file.read_text("utf-8") if file.is_file() else metadata("opendental-mock")["Description"]


def version() -> str:
    """Return the version of this package."""
    from importlib.metadata import version  # takes 5 ms, and is rarely needed

    return version("opendental-mock")
