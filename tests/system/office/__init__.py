"""A whole office of real processes, for tests that break its parts.

    with Office(tmp_path, seed=7) as office:      # database, broker, 2 ingest, 2 web, worker, nodes
        office["broker"].kill()                   # kill -9; also stop(), freeze(), thaw(), start()
        office["broker"].start()
        verdict = office.verdict()                # waits until everything made has an end
    assert verdict.is_clean, verdict
    assert office.onlooker.lies == []

`parts` are what can be killed, `ledger` is what the nodes made (written outside of them),
`verdict` is what became of it, `onlooker` is somebody who reads the board all the while.
Start parts from one thread only: a child dies with the thread that started it.
"""

from tests.system.office.ledger import Ledger
from tests.system.office.office import ONE_OF_EACH, Office
from tests.system.office.onlooker import Onlooker
from tests.system.office.part import Part
from tests.system.office.verdict import Verdict

__all__ = ["ONE_OF_EACH", "Ledger", "Office", "Onlooker", "Part", "Verdict"]
