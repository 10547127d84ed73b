"""Script runner: in the script `time.sleep` advances the clock of the office.  python script.py SCRIPT"""

import json
import os
import runpy
import sys
import time
import urllib.request


def advance(seconds: float) -> None:
    """Advance the clock of the office by the admin API."""
    request = urllib.request.Request(
        os.environ["OPENDENTAL_ADMIN_URL"] + "/clock", json.dumps({"advance": seconds}).encode(),
        {"Content-Type": "application/json"}, method="PUT",
    )  # fmt: skip
    urllib.request.urlopen(request, timeout=30).close()


time.sleep = advance
runpy.run_path(sys.argv[1], run_name="__main__")
