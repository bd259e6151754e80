"""`python -m scaleplan` is the program itself."""

import sys

from scaleplan.cli import main

if __name__ == "__main__":
    sys.exit(main())
