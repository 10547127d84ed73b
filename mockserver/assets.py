"""What was shipped: the schemas and fixtures, inside an installed package or beside it in a checkout; the version."""

from pathlib import Path


def shipped(folder: str) -> Path:
    """The folder `schemas` or `fixtures` that came with this package.

    A wheel holds them under `_data`; that place is looked at first, so that an installed package
    never picks up a folder of the same name that happens to lie beside it.
    """
    package = Path(__file__).resolve().parent
    packaged = package / "_data" / folder
    return packaged if packaged.is_dir() else package.parent / folder


def version() -> str:
    """The version of this package."""
    from importlib.metadata import version  # takes 5 ms, and few ask

    return version("opendental-mock")
