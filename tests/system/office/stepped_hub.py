"""A hub program whose clock stands until somebody moves it: the file CLOCK holds a double.

What a test waits for can then never come too late: the clock waits for it.
"""

import os
import struct
import sys
from datetime import UTC, datetime

from hub.__main__ import main
from hub.kit import clock

if __name__ == "__main__":
    file = os.open(os.environ["CLOCK"], os.O_RDONLY)
    clock.now = lambda: datetime.fromtimestamp(struct.unpack("d", os.pread(file, 8, 0))[0], UTC)
    sys.exit(main(sys.argv[1:]))
