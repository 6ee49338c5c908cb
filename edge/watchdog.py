"""Telling systemd that the node is alive: sd_notify(3) over a datagram socket, nothing else.

The sign of life is a fresh picture that was counted, so a node that hangs, or whose camera is dead
for longer than WatchdogSec, is restarted; and a pause that somebody asked for.
"""

import os
import socket
from collections.abc import Mapping


class Watchdog:
    """Speaks to NOTIFY_SOCKET; silent where systemd did not start the node."""

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        address = env.get("NOTIFY_SOCKET", "")
        # systemd writes an abstract address with '@' where the kernel wants a zero byte
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self, status: str) -> None:
        """The node runs; `systemctl status` shows `status`."""
        self._say(f"READY=1\nSTATUS={status}")

    def status(self, status: str) -> None:
        """One line for `systemctl status`."""
        self._say(f"STATUS={status}")

    def fresh_frame(self) -> None:
        """A fresh picture was counted."""
        self._say("WATCHDOG=1")

    def resting(self) -> None:
        """Nobody is looked at, because somebody asked for it: that is no hanging."""
        self._say("WATCHDOG=1\nSTATUS=paused")

    def stopping(self) -> None:
        """The node ends because it was asked to."""
        self._say("STOPPING=1")

    def _say(self, message: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.setblocking(False)  # a busy systemd must not stop the counting
            try:
                out.sendto(message.encode(), self._address)
            except OSError:
                return
