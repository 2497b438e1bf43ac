"""Melic: `python3 main.py [FILES...]` opens the studio, `python3 main.py --help` lists the rest."""

import sys

from app import bootstrap

if __name__ == "__main__":
    sys.exit(bootstrap.main(sys.argv[1:]))
