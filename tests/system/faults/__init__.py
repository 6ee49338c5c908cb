"""What can break, one object each, and the soak that breaks it again and again.

    @fault("`kill -9` of the broker", "Nothing acknowledged by the broker was believed to be safe.")
    def kill_broker(office: Office, chance: Random) -> None:
        ...                                 # break it and mend it: all parts are back on return

A file of this folder that does so is found by the soak, and by the table of docs/faults.md.
`python -m tests.system.faults` (`make soak`) walks them; see `soak`.
"""

from tests.system.faults.registry import Fault, Trial, fault, faults, trial

__all__ = ["Fault", "Trial", "fault", "faults", "trial"]
