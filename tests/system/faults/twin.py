"""A node without eyes that was booted on another machine: the second of two with one identity."""

import os
import sys
from uuid import UUID

from edge import clock as clocks
from tests.system.office import sender

if __name__ == "__main__":
    clocks.this_boot = lambda: UUID(os.environ["BOOT_ID"])
    sys.exit(sender.main())
