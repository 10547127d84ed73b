"""A requests session for an API that throttles: what it refuses with 429 is sent again after the seconds of Retry-After."""

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


def office_session(headers):
    """Return a session. A request that got no response is not repeated: a POST may have been carried out."""
    throttled = Retry(
        total=None, status=5, status_forcelist=[429], allowed_methods=None, raise_on_status=False,  # POST too
        connect=0, read=False, other=0,
    )  # fmt: skip
    session = requests.Session()
    session.headers.update(headers)
    session.mount("http://", HTTPAdapter(max_retries=throttled))
    session.mount("https://", HTTPAdapter(max_retries=throttled))
    return session
