"""Preferences control: the preferences of an office, which a test reads and sets."""

from mockserver.office.preferences import Value, name_problem
from mockserver.syntax.text import valid_value
from mockserver.tenants.tenant import Tenant
from mockserver.testing.access import Access
from mockserver.testing.office_interface import PreferencesInterface


class PreferencesControl(PreferencesInterface):
    """The office's preferences."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def _all(self) -> dict[str, Value]:
        return self._access.use(lambda tenant: tenant.office.preference.as_fixture())

    def __setitem__(self, name: str, value: Value) -> None:
        value = valid_value(value)
        if problem := name_problem(name):
            raise KeyError(f"{name} {problem}")
        self._access.check("fixtures/preference", {name: value}, whole="a preference")

        def put(tenant: Tenant) -> None:
            tenant.office.preference = tenant.office.preference.changed({name: value})

        self._access.change(put)
