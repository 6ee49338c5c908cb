"""A hub program whose system clock is wrong by what the file CLOCK says: `+3h`, `-5h`, `+0`.

Handed in and not by libfaketime: that one also takes time.sleep() for a wish of the wall clock,
and Python then ends with EINVAL (0.9.10).
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.__main__ import main
from hub.kit import clock


def wrong_now() -> datetime:
    told = Path(os.environ["CLOCK"]).read_text()
    return datetime.now(UTC) + timedelta(hours=float(told.removesuffix("h")))


if __name__ == "__main__":
    clock.now = wrong_now
    sys.exit(main(sys.argv[1:]))
