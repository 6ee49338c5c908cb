"""A node without eyes that knows nothing of this machine's NTP, boot and clock.

Its system clock is libfaketime's (FAKETIME_TIMESTAMP_FILE); NTP keeps it while the file NTP_FILE
is there. Its monotonic clock is the true one.
"""

import os
import sys
from pathlib import Path
from uuid import UUID

from edge import clock as clocks
from tests.system.office import sender

if __name__ == "__main__":
    clocks.kernel_is_synced = Path(os.environ["NTP_FILE"]).exists
    clocks.this_boot = lambda: UUID(os.environ["BOOT_ID"])
    sys.exit(sender.main())
