"""Responses: saved files as the responses of an office, each a list of rows of one resource."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockserver.resources.folder import Folder, Folders
from mockserver.seeding.resource_names import ResourceNames, parts_of
from mockserver.suggestions import suggestion
from mockserver.syntax import strict_json
from mockserver.syntax.diagnostics import Path
from mockserver.syntax.document import MAX_BYTES, Document, Finding, Findings, Unreadable, read_file

_SETTINGS = ("office", "apikey", "fault")
"""What an exported office has besides tables and preferences."""
_NO_RESPONSE = ("generate", "extends", "observed")
_ENTRIES = ("log", "entries")


class Response(NamedTuple):
    """Rows of one resource, at their place in a document. Those of a HAR have the place of their text.

    `is_deleted` says that the office deleted the rows.
    """

    folder: Folder
    rows: Sequence[Any]
    document: Document
    path: Path
    is_text: bool = False
    is_single: bool = False
    is_deleted: bool = False

    def finding(self, index: int, message: str, *names: str) -> Finding:
        """Return a finding at a row, or at its columns."""
        at = () if self.is_text else (*(() if self.is_single else (index,)), *names)
        return self.document.finding((*self.path, *at), message)


class Responses:
    """The responses in some files.

    `settings` are the parts of an exported office that are no tables. `findings` are the mistakes; their messages have
    no value of the files. `unserved` counts the responses of resources that the mock does not have, and `others` those
    that have no rows, such as refusals.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders, self._names = folders, ResourceNames(folders)
        self.findings = Findings()
        self.settings: dict[str, Any] = {}
        self.unserved: dict[str, int] = {}
        self.others = 0
        self._bytes_left = MAX_BYTES
        self._customer = ""

    def read(self, given: str) -> Iterator[Response]:
        """Yield the responses in a file, which `RESOURCE=FILE` gives with its resource. Raises OSError."""
        name, _, path = given.partition("=") if "=" in given and not File(given).exists() else ("", "", given)
        file, folder = File(path), self._names.folder(name)
        if name and folder is None:
            self._refuse_name(name, str(file))
            return
        try:
            text = read_file(file, self._bytes_left)
            self._bytes_left -= min(len(text), self._bytes_left)
            document = Document(str(file), text, is_json=file.suffix.lower() not in (".yaml", ".yml"))
            self.findings.merge(document.read())
        except Unreadable as error:
            self.findings.add([error.finding])
            return
        yield from self._responses(document, (), document.data, folder)

    def _responses(self, document: Document, path: Path, data: Any, folder: Folder | None) -> Iterator[Response]:
        """Yield the responses in a value: rows, pages of rows, or a mapping of names or paths to them.

        The rows are those of `folder`, if it is given.
        """
        if isinstance(data, dict) and self._is_archive(data):
            yield from self._entries(document, data["log"]["entries"])
        elif isinstance(data, dict) and folder is None and self._is_mapping(data):
            yield from self._members(document, path, data)
        elif isinstance(data, list) and data and self._is_several(data):
            for index, page in enumerate(data):
                yield from self._responses(document, (*path, index), page, folder)
        elif isinstance(data, dict | list):
            rows: Sequence[Any] = [data] if isinstance(data, dict) else data
            stem = File(document.file).stem
            found = folder or self._names.of_rows(rows, self._names.of_file(stem))
            if found:
                yield Response(found, rows, document, path, is_single=isinstance(data, dict))
            elif rows and self._names.unserved(stem):
                self._skip(stem)
            elif rows:
                what = "it is not clear of which resource these rows are; give the file as RESOURCE=FILE: patients=FILE"
                self.findings.add([document.finding(path, what)])
        else:
            what = "this is not a row: a response is a list of rows or one row, and the text of a refusal is neither"
            self.findings.add([document.finding(path, what)])

    def _is_several(self, data: Sequence[Any]) -> bool:
        """Return whether a list has responses, rather than rows."""
        return all(isinstance(page, list) for page in data) or all(
            isinstance(one, dict) and len(one) == 1 and self._is_mapping(one) for one in data
        )

    def _members(self, document: Document, path: Path, data: Mapping[str, Any]) -> Iterator[Response]:
        for name, value in data.items():
            folder = self._names.folder(name)
            if name in _SETTINGS:
                self._set(document, (*path, name), value)
            elif name == "preference" and folder is not None and isinstance(value, dict):
                rows = [{"PrefName": one, "ValueString": text} for one, text in value.items()]
                yield Response(folder, rows, document, (*path, name))
            elif name in _NO_RESPONSE and value:
                what = f"{name}: an office whose rows are elsewhere; serve it, and import what export writes"
                self.findings.add([document.finding((*path, name), what, key=True)])
            elif folder is not None:
                yield from self._responses(document, (*path, name), value, folder)
            elif not name.startswith("$"):
                self._skip(name)

    def _set(self, document: Document, path: Path, value: Any) -> None:
        name = str(path[-1])
        kind = list if name in ("apikey", "fault") else dict
        if not isinstance(value, kind):
            self.findings.add([document.finding(path, f"{name} has another form in what export writes")])
        elif isinstance(value, dict):
            self.settings.setdefault(name, {}).update(value)
        else:
            self.settings.setdefault(name, []).extend(value)

    def _entries(self, document: Document, entries: Sequence[Any]) -> Iterator[Response]:
        """Yield the responses of the exchanges in a HAR that have rows, and the deletions."""
        for index, entry in enumerate(entries):
            try:
                request, answer = entry["request"], entry["response"]
                method, url, status = str(request["method"]), str(request["url"]), int(answer["status"])
                text = _text(answer.get("content") or {})
            except (KeyError, TypeError, AttributeError, ValueError):
                what = "this is not an entry of a HAR: it has no request with its url, or no response with its status"
                self.findings.add([document.finding((*_ENTRIES, index), what)])
                continue
            folder = self._names.folder(url)
            if folder is None:
                self._skip(url)
                continue
            if not 200 <= status < 300:
                self.others += 1
                continue
            self._check_customer(document, index, request)
            yield from self._answered(document, index, method, url, text, folder)

    def _answered(
        self, document: Document, index: int, method: str, url: str, text: str, folder: Folder
    ) -> Iterator[Response]:
        path = (*_ENTRIES, index, "response", "content", "text")
        last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        if method == "DELETE" and last.isdecimal():
            yield Response(folder, [{folder.key: int(last)}], document, path, is_text=True, is_deleted=True)
            return
        try:
            data = strict_json.decode(text) if text.strip() else None
        except ValueError:
            self.findings.add([document.finding(path, "this response is not JSON; leave its entry out")])
            return
        rows = data if isinstance(data, list) else [data]
        if data == [] or all(isinstance(row, dict) for row in rows):
            yield Response(folder, rows, document, path, is_text=True)
        else:
            self.others += 1  # a write without a row, or a response that is a number

    def _check_customer(self, document: Document, index: int, request: Mapping[str, Any]) -> None:
        """Note the customer key of a request, which is that of the office. Two of them are two offices."""
        headers = request.get("headers")
        for header in headers if isinstance(headers, list) else ():
            if isinstance(header, dict) and str(header.get("name", "")).lower() == "authorization":
                given = str(header.get("value", ""))
                if self._customer and given != self._customer:
                    what = "this request has the keys of another office than one before it; import one office at a time"
                    self.findings.add([document.finding((*_ENTRIES, index), what)])
                self._customer = self._customer or given

    def _skip(self, name: str) -> None:
        """Count a response of a resource that the mock does not have."""
        if known := self._names.unserved(*parts_of(name)):
            self.unserved[known] = self.unserved.get(known, 0) + 1
        else:
            self.others += 1

    def _refuse_name(self, name: str, file: str) -> None:
        if self._names.unserved(name):
            self._skip(name)
            return
        document = Document(file, "")
        what = f"{name} is not a resource{suggestion(name, self._folders)}"
        self.findings.add([Finding(document, what, position=(1, 1))])

    def _is_archive(self, data: Mapping[str, Any]) -> bool:
        log = data.get("log")
        return isinstance(log, dict) and isinstance(log.get("entries"), list)

    def _is_mapping(self, data: Mapping[str, Any]) -> bool:
        """Return whether a mapping has names of resources, rather than the columns of one row."""
        known = any(self._names.folder(name) or name in (*_SETTINGS, *_NO_RESPONSE) for name in data)
        return known or (bool(data) and all(isinstance(value, dict | list) for value in data.values()))


def _text(content: Mapping[str, Any]) -> str:
    """Return the text of a response in a HAR. Raises ValueError if it is not the base64 that it says to be."""
    text = str(content.get("text") or "")
    return base64.b64decode(text, validate=True).decode() if content.get("encoding") == "base64" else text
