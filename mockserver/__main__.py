"""Run the command: `python -m mockserver` is `opendental-mock`."""

import sys

from mockserver.cli import main

if __name__ == "__main__":
    sys.exit(main())
