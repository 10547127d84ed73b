"""Soak test: hours of mixed load in a few minutes, to see if the memory of a default server stays flat."""

import time

from benchmarks.load import measure
from benchmarks.processes import mock
from benchmarks.workloads import MIX, Request

EVERY = 10  # seconds
MAX_GROWTH = 4_096  # kB: what an allocator may still add after the first minute
RESET = Request(method="POST", path="/__admin/reset")


def soak(minutes: float) -> bool:
    """Print the resident memory every few seconds and a verdict. Return whether it stayed flat.

    The office is reset before memory is read, since rows that clients create are kept.
    """
    with mock() as server:
        started, asked, first = time.perf_counter(), 0, 0
        resident = server.resident()
        if resident is None:
            print("This system does not tell how much memory a process has.")
            return False
        while (passed := time.perf_counter() - started) < minutes * 60:
            asked += measure(server.host, MIX, EVERY).requests
            server.answer(RESET)
            resident = server.resident() or 0
            if passed < 60:
                first = resident
            print(f"{passed + EVERY:6.0f} s {asked:>12,} requests {resident:>9,} kB", flush=True)
    growth = resident - first
    flat = growth <= MAX_GROWTH
    verdict = "flat" if flat else "it grows"
    print(f"{verdict}: {growth:+,} kB after the first minute, in {asked:,} requests (limit {MAX_GROWTH:,} kB)")
    return flat
