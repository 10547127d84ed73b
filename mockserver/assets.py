"""Where the shipped schemas and fixtures are: inside an installed package, or beside it in a checkout."""

from importlib.resources import files
from pathlib import Path


def shipped(folder: str) -> Path:
    """The folder `schemas` or `fixtures` that came with this package.

    A wheel holds them under `_data`; that place is looked at first, so that an installed package
    never picks up a folder of the same name that happens to lie beside it.
    """
    packaged = Path(str(files("mockserver"))) / "_data" / folder
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / folder
