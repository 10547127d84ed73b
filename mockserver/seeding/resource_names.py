"""Resource names: the resource that a name, a path or a file means, or that rows are of."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from mockserver.contract.vendor import vendor_resources
from mockserver.resources.folder import Folder, Folders


class ResourceNames:
    """The resources that the mock serves, and those of the vendor that it does not."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def folder(self, name: str) -> Folder | None:
        """Return the folder of a resource that a name, a table, a path or a URL means."""
        for part in parts_of(name):
            if part in self._folders:
                return self._folders[part]
            if folder := self._folders.of_table(part):
                return folder
        return None

    def of_file(self, stem: str) -> Folder | None:
        """Return the folder that a file name means: `patients-2` does, `claims-of-patients` is not clear."""
        words = re.split(r"[^a-z]+", stem.lower())
        meant = {folder.name: folder for word in words if (folder := self.folder(word))}
        return next(iter(meant.values())) if len(meant) == 1 else None

    def of_rows(self, rows: Sequence[Any], named: Folder | None) -> Folder | None:
        """Return the folder that has most columns of the rows and their key; of equal ones, the one `named`."""
        columns = {name for row in rows if isinstance(row, dict) for name in row}
        fits: dict[str, int] = {
            folder.name: len(columns & {*folder.columns, *(column.attribute for column in folder.columns.values())})
            for folder in self._folders.values()
            if folder.key in columns
        }
        best = [name for name, count in fits.items() if count == max(fits.values()) and 2 * count >= len(columns)]
        if named and (named.name in best or not best):
            return named
        return self._folders[best[0]] if len(best) == 1 else None

    def unserved(self, *words: str) -> str:
        """Return the first of these words that is a resource of the vendor which the mock does not have, or nothing."""
        return next((word for word in words if word in vendor_resources() and word not in self._folders), "")


def parts_of(name: str) -> list[str]:
    """Return the names in a path or a URL, without the base path of the API."""
    try:
        path = urlsplit(name.split()[-1] if name.strip() else name).path
    except ValueError:
        return []
    if "__admin" in path:  # the mock's own, in a HAR of its journal
        return []
    return [part.lower() for part in path.split("/") if part and part.lower() not in ("api", "v1")]
