"""A nightly job, for example of a clearinghouse: write the status of each claim, once, whatever happens on the way.

    opendental-mock run -- python nightly_job.py

The API has no idempotency keys, so the job looks before it writes: first in what it has read of all claims, and again
after a response that it did not get, since the write may have been kept. `Note` identifies a status: give each its own,
on one line and without emoji, since the office stores line breaks and emoji as other characters.
"""

import os
import time

import requests

PAGE = 100  # no office gives fewer rows to a page, if there are more
ATTEMPTS = 5
TIMEOUT = 30


class GaveUp(Exception):
    """The job cannot go on: invalid keys, a read that is refused, or an office that does not answer."""


class NotWritten(Exception):
    """The API refuses this one status; its text is the reason. The others may be fine."""


class NightlyJob:
    """A job for one office. `wait` takes seconds, so that a test need not wait."""

    def __init__(self, url, headers, wait=time.sleep):
        self.url = url
        self.wait = wait
        self.session = requests.Session()
        self.session.headers.update(headers)

    def run(self, statuses):
        """Write each status (ClaimNum, Note, TrackingDefNum) that is not there. Return what became of each Note."""
        there = {key(row) for row in self.all_trackings()}
        outcome = {}
        for status in statuses:
            try:
                outcome[status["Note"]] = "there" if key(status) in there else self.write(status)
            except NotWritten as error:
                outcome[status["Note"]] = str(error)
        return outcome

    def all_trackings(self):
        """Return every row, also those that moved to the front of the list while the job read its pages."""
        rows = {}
        self.read_pages(rows, until_known=False)
        while self.read_pages(rows, until_known=True):
            pass
        return list(rows.values())

    def read_pages(self, rows, until_known):
        """Read pages into `rows`, to the end or to a page without news. Return whether there was any.

        The newest DateTimeEntry comes first, so a row that is written meanwhile is on the first page.
        """
        offset, any_news = 0, False
        while True:
            page = self.get({"Limit": PAGE, "Offset": offset})
            news = [row for row in page if rows.get(row["ClaimTrackingNum"]) != row]
            rows.update((row["ClaimTrackingNum"], row) for row in news)
            any_news = any_news or bool(news)
            if len(page) < PAGE or (until_known and not news):
                return any_news
            offset += PAGE

    def write(self, status):
        """Create a row, once. Return `written`, or `there` if an attempt whose response was lost has written it."""
        response = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(response, attempt)
                if self.is_there(status):
                    return "there"
            response = self.send("POST", json=status)
            if response is not None and response.status_code == 201:
                return "written"
            if response is not None and response.status_code in (400, 404):
                raise NotWritten(f"{response.status_code} {response.json()}")
        raise GaveUp(f"no answer to a POST after {ATTEMPTS} attempts")

    def is_there(self, status):
        return key(status) in map(key, self.get({"ClaimNum": status["ClaimNum"], "Limit": PAGE}))

    def get(self, parameters):
        """Return a list. A GET changes nothing, so it may be repeated without looking."""
        response = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(response, attempt)
            response = self.send("GET", params=parameters)
            if response is not None and response.status_code == 200:
                return response.json()
            if response is not None and response.status_code in (400, 404):
                raise GaveUp(f"{response.status_code} {response.json()}")
        raise GaveUp(f"no answer to a GET after {ATTEMPTS} attempts")

    def send(self, method, **content):
        """Return the response; None if it was lost, or only a part of it came.

        A request that is refused with 429 was not carried out, also a POST, so it is sent again. To look first would
        use up the time that the office gives, and the POST would be refused again.
        """
        response = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(response, attempt)
            try:
                response = self.session.request(method, self.url + "/claimtrackings", timeout=TIMEOUT, **content)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                return None
            if response.status_code == 401:  # the same for each request: wrong keys, or a permission that is missing
                raise GaveUp(f"401 {response.json()}")
            if response.status_code != 429:
                return response
        raise GaveUp(f"429 to each of {ATTEMPTS} attempts")

    def pause(self, response, attempt):
        """Wait as long as the API asks for, or twice as long each time."""
        asked = "" if response is None else response.headers.get("Retry-After", "")
        self.wait(int(asked) if asked.isdigit() else 2 ** (attempt - 1))


def key(row):
    return row["ClaimNum"], row["Note"], row["TrackingDefNum"]


if __name__ == "__main__":
    keys = f"{os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
    job = NightlyJob(
        os.environ["OPENDENTAL_BASE_URL"], {"Authorization": f"ODFHIR {keys}", "Content-Type": "application/json"}
    )
    print(job.run([{"ClaimNum": 15, "Note": "Denied, 835 of January 15, line 1", "TrackingDefNum": 345}]))
