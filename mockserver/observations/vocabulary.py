"""Vocabulary: the texts of refusals that are known, as templates.

An observation names no other text, since a text of an office may quote its data.
"""

import re
from collections.abc import Iterable, Mapping

from mockserver.contract.contract import Contract

VENDOR_FORMS = (
    "{name} is invalid.",  # a name of the request comes before a column
    "{Column} is required.",
    "{Column} is invalid.",
    "{Column} {value} is invalid.",
    "{Column} not found.",
    "{Column} format must be yyyy-MM-dd HH:mm:ss.",
    "{Type} not found.",
    "{Type} does not exist.",
    "No {Type}(s) found for {Column} {value}.",
    "'{name}' is not a valid parameter.",
)
"""The vendor's forms, as live offices or its pages have them. `{Column}` and `{Type}` are any of the contract."""

_NAME = re.compile(r"\{(\w+)\}")


class Vocabulary:
    """The vendor's forms and the texts of the rules. A name in braces in them is a kind, or a name of the request."""

    def __init__(self, contract: Contract) -> None:
        texts = [text for rule in contract.rules.values() if not rule.is_of_mock for text in rule.texts]
        self.templates = tuple(dict.fromkeys((*VENDOR_FORMS, *texts)))
        sent = [
            schema for name, schema in contract.schemas.items()
            if "/" in name and not name.startswith(("fixtures/", "admin/"))
        ]  # fmt: skip
        columns = {name for schema in sent for name in schema.properties}
        self.columns = frozenset(columns)
        """The columns, parameters and fields of the contract."""
        self.types = {folder.type_name: folder.key for folder in contract.folders.values()}
        """The keys of tables by the vendor's names of their rows, as in "Claim not found."."""
        self._kinds = {"Column": _one_of(columns), "Type": _one_of(self.types)}

    def template_of(self, text: str, names: Mapping[str, str]) -> str | None:
        """Return the known template of an observed text, or None if the text is unknown.

        `names` gives the values that stand in the text: with `{"name": "Bogus"}`, `'Bogus' is not a valid parameter.`
        has the template `'{name}' is not a valid parameter.` A column or a type stays as it is, and so does a full stop
        that is missing.
        """
        for template in self.templates:
            used = [name for name in _NAME.findall(template) if name not in self._kinds]
            if not all(name in names for name in used):
                continue
            match = re.fullmatch(self._pattern(template, {name: names[name] for name in used}), text)
            if match is not None:
                for name, value in match.groupdict().items():
                    template = template.replace(f"{{{name}}}", value)
                return template if text.endswith(".") else template.removesuffix(".")
        return None

    def has(self, text: str) -> bool:
        """Return whether `text` is what `template_of` returns for some text."""
        names = {name for template in self.templates for name in _NAME.findall(template)} - self._kinds.keys()
        return self.template_of(text, {name: f"{{{name}}}" for name in names}) == text

    def _pattern(self, template: str, values: Mapping[str, str]) -> str:
        """Return a regular expression for the texts of a template, in which names have these values."""
        parts = _NAME.split(template)
        for index in range(1, len(parts), 2):
            name = parts[index]
            kind = self._kinds.get(name)
            parts[index] = f"(?P<{name}>{kind})" if kind is not None else re.escape(values[name])
        parts[::2] = map(re.escape, parts[::2])
        return "".join(parts).removesuffix(r"\.") + (r"\.?" if template.endswith(".") else "")


def _one_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names))
