"""Client key: a pair of keys that an office accepts, for clients that are told which to use."""

from collections.abc import Iterable

from mockserver.office.rows import ApiKey

DUMMY_KEY = ApiKey(DeveloperKey="MockDeveloperKey", CustomerKey="MockCustomerKey")
"""A pair that the vendor does not know, so that the real API refuses a test that uses it by mistake."""


def client_key(keys: Iterable[ApiKey]) -> ApiKey:
    """Return the first enabled key that may read and write, or else the first enabled one.

    Without an enabled key it is DUMMY_KEY, which an office without keys accepts, and one with disabled keys refuses.
    """
    enabled = [key for key in keys if key.State == "Enabled"]
    able = (key for key in enabled if {"ReadAll", "Insurance"}.issubset(key.Permissions))
    return next(able, None) or next(iter(enabled), DUMMY_KEY)
