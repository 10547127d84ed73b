"""Benchmark runner: `python tests/benchmarks --help`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # so that this folder is a package
    from benchmarks.command import main

    sys.exit(main())
