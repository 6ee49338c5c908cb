"""Store and forward: a count survives no network and a power cut.

One SQLite file, one row a window, kept until the hub says that it is stored. The rows are in
`spool`, opening and damage in `file`, and what happens when the file fails in `outbox`. Which
rows are sent when is the business of `edge.resend`.
"""

from edge.outbox.file import OutboxBusyError
from edge.outbox.outbox import Outbox
from edge.outbox.spool import Depth, Limits, Row

__all__ = ["Depth", "Limits", "Outbox", "OutboxBusyError", "Row"]
