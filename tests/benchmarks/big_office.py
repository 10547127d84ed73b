"""Benchmark server: the mock with an office of any size, made in memory. Loading a file is measured separately.

Run as a program, with the number of rows. It prints its base URL once it listens.
"""

import asyncio
import sys

from benchmarks.workloads import rows
from mockserver import create_app
from mockserver.contract.contract import shipped_contract
from mockserver.office.office import Office
from mockserver.office.rows import Claim, ClaimTracking
from mockserver.web.server import serve


def office(count: int) -> Office:
    """Return an office with so many rows."""
    return Office(
        specs=shipped_contract().tables,
        encoder_of=shipped_contract().encoder_of,
        rows={
            "claim": (Claim(ClaimNum=number) for number in range(1, count // 5 + 2)),
            "claimtracking": (ClaimTracking(**row) for row in rows(count)),
        },
    )


def main() -> None:
    """Serve until a signal."""
    app = create_app(office=office(int(sys.argv[1])))
    asyncio.run(serve(app, host="127.0.0.1", port=0, ready=lambda url, _port: print(url, flush=True)))


if __name__ == "__main__":
    main()
