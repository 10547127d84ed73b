"""The day of a claim that is paid: enter what the carrier's remittance says, line by line, and then the check.

    opendental-mock run --fixtures practice --now "2026-01-15 10:00:00" -- python claim_day.py

No two steps are one transaction, and the office may keep a write whose response is lost. So each step looks before it
writes or repeats, and a day that was interrupted is run again. `undo` takes the steps back.
"""

import os
import time

import requests

ATTEMPTS = 5
TIMEOUT = 30
NOT_RECEIVED = {"Status": "NotReceived", "InsPayAmt": 0, "WriteOff": 0, "DedApplied": 0}


class GaveUp(Exception):
    """The day cannot go on: invalid keys, or an office that does not answer. Run it again later."""


class Refused(Exception):
    """The API refuses a request, or no claim fits the remittance; the text is the reason."""


class ClaimDay:
    """A day at one office. `wait` takes seconds, so that a test need not wait."""

    def __init__(self, url, headers, wait=time.sleep):
        self.url = url
        self.wait = wait
        self.session = requests.Session()
        self.session.headers.update(headers)

    def receive(self, remittance):
        """Enter a remittance and its check, once. Return the ClaimNum and the ClaimPaymentNum."""
        claim = self.claim_of(remittance)
        number = claim["ClaimNum"]
        self.track(number, remittance["Note"], remittance["TrackingDefNum"])
        self.receive_lines(number, remittance["lines"])
        if claim["ClaimStatus"] != "R":
            self.request("PUT", f"/claims/{number}", {"ClaimStatus": "R", "DateReceived": remittance["DateReceived"]})
        return number, self.pay(number, remittance)

    def undo(self, number):
        """Take back what `receive` did, except the tracking. Every other order is refused."""
        for payment in self.payments(number):
            self.request("DELETE", f"/claimpayments/{payment}", kept=lambda: self.payments(number) == set())
        self.request("PUT", f"/claims/{number}", {"ClaimStatus": "W"})
        for line in self.lines(number):
            self.request("PUT", f"/claimprocs/{line['ClaimProcNum']}", NOT_RECEIVED)

    def claim_of(self, remittance):
        """Return the claim of the patient with this name on this day: waiting, sent, or received by an earlier run."""
        name = {"LName": remittance["LName"], "FName": remittance["FName"]}
        patients = [row for row in self.get("/patients", **name) if name.items() <= row.items()]  # Ada also finds Adam
        claims = [
            claim
            for patient in patients
            for claim in self.get("/claims", PatNum=patient["PatNum"])
            if claim["DateService"] == remittance["DateService"] and claim["ClaimStatus"] in ("W", "S", "R")
        ]
        if len(claims) != 1:
            raise Refused(f"{len(claims)} claims of {remittance['DateService']}, of {len(patients)} patients")
        return claims[0]

    def track(self, number, note, status):
        """Write a tracking, unless there is one with this Note."""

        def kept():
            return any(row["Note"] == note for row in self.get("/claimtrackings", ClaimNum=number))

        if not kept():
            body = {"ClaimNum": number, "Note": note, "TrackingDefNum": status}
            self.request("POST", "/claimtrackings", body, kept)

    def receive_lines(self, number, paid):
        """Enter the amounts of each line that does not have them. A line on a check would refuse another InsPayAmt."""
        lines = self.lines(number)
        for entry in paid:
            line = next((line for line in lines if line["CodeSent"] == entry["CodeSent"]), None)
            if line is None:
                raise Refused(f"claim {number} has no line {entry['CodeSent']}")
            lines.remove(line)  # two lines can have one code
            received = {"Status": "Received", **entry}
            if not received.items() <= line.items():
                self.request("PUT", f"/claimprocs/{line['ClaimProcNum']}", received)

    def pay(self, number, remittance):
        """Enter the check, unless the lines have one already. Return its ClaimPaymentNum."""
        amount = round(sum(entry["InsPayAmt"] for entry in remittance["lines"]), 2)
        body = {"claimNum": number, "CheckAmt": amount, "CheckNum": remittance["CheckNum"]}
        if not self.payments(number):
            self.request("POST", "/claimpayments", body, kept=lambda: self.payments(number))
        (payment,) = self.payments(number)
        return payment

    def lines(self, number):
        return self.get("/claimprocs", ClaimNum=number)

    def payments(self, number):
        """Return the numbers of the checks that pay a claim: /claimpayments has no filter by claim."""
        return {line["ClaimPaymentNum"] for line in self.lines(number)} - {0}

    def get(self, path, **parameters):
        return self.request("GET", path, parameters=parameters).json()

    def request(self, method, path, body=None, kept=lambda: False, parameters=None):
        """Send a request until it succeeds. Return its response; None if only `kept` shows that it did.

        A GET changes nothing, and a PUT with the same values changes nothing twice, so they are repeated without
        looking.
        """
        response = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(response, attempt)
                if kept():
                    return None
            response = self.send(method, path, json=body, params=parameters)
            if response is not None and response.status_code in (200, 201):
                return response
            if response is not None and response.status_code in (400, 404):
                raise Refused(f"{response.status_code} {response.json()}")
        raise GaveUp(f"no answer to {method} {path} after {ATTEMPTS} attempts")

    def send(self, method, path, **content):
        """Return the response; None if it was lost. A request that is refused with 429 was not carried out."""
        response = None
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(response, attempt)
            try:
                response = self.session.request(method, self.url + path, timeout=TIMEOUT, **content)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                return None
            if response.status_code == 401:
                raise GaveUp(f"401 {response.json()}")
            if response.status_code != 429:
                return response
        raise GaveUp(f"429 to each of {ATTEMPTS} attempts")

    def pause(self, response, attempt):
        """Wait as long as the API asks for, or twice as long each time."""
        asked = "" if response is None else response.headers.get("Retry-After", "")
        self.wait(int(asked) if asked.isdigit() else 2 ** (attempt - 1))


REMITTANCE = {
    "LName": "Okafor",
    "FName": "Ada",
    "DateService": "2026-01-13",
    "DateReceived": "2026-01-15",
    "CheckNum": "EFT-1022",
    "Note": "Paid, 835 of January 15, claim 1",
    "TrackingDefNum": 401,
    "lines": [
        {"CodeSent": "D0120", "InsPayAmt": 12.0, "WriteOff": 0.0, "DedApplied": 50.0},
        {"CodeSent": "D1110", "InsPayAmt": 88.5, "WriteOff": 21.5, "DedApplied": 0.0},
    ],
}

if __name__ == "__main__":
    keys = f"{os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
    day = ClaimDay(
        os.environ["OPENDENTAL_BASE_URL"], {"Authorization": f"ODFHIR {keys}", "Content-Type": "application/json"}
    )
    claim, payment = day.receive(REMITTANCE)
    print(f"claim {claim} is paid by check {payment}")
