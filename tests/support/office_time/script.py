"""Script runner: in the script `time.sleep` advances the clock of the office.  python script.py SCRIPT"""

import runpy
import sys
import time

from mockserver import connect

time.sleep = connect().clock.advance
runpy.run_path(sys.argv[1], run_name="__main__")
