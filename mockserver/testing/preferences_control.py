"""Preferences control: the preferences of an office, which a test reads and sets."""

from collections.abc import Iterator, MutableMapping

from mockserver.office.preferences import Value, name_problem
from mockserver.syntax.text import valid_value
from mockserver.tenants.tenant import Tenant
from mockserver.testing.access import Access


class PreferencesControl(MutableMapping[str, Value]):
    """The office's preferences, as a mapping. They can be set, not removed."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def _all(self) -> dict[str, Value]:
        return self._access.use(lambda tenant: tenant.office.preference.as_fixture())

    def __getitem__(self, name: str) -> Value:
        return self._all()[name]

    def __setitem__(self, name: str, value: Value) -> None:
        value = valid_value(value)
        if problem := name_problem(name):
            raise KeyError(f"{name} {problem}")
        self._access.check("fixtures/preference", {name: value}, whole="a preference")

        def put(tenant: Tenant) -> None:
            tenant.office.preference = tenant.office.preference.changed({name: value})

        self._access.change(put)

    def __delitem__(self, name: str) -> None:
        raise TypeError("a preference cannot be removed; set it to False")

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
