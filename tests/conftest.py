"""What every test begins with: one moment that stands for now, so that what the program prints does not change."""

import os

#: 2026-08-21 13:46 UTC.
EPOCH = "1787320000"

os.environ["SOURCE_DATE_EPOCH"] = EPOCH
