"""Breaks the office again and again, in an order drawn by a seed, and counts.

Strikes of one fault come in blocks, at random moments under load, without waiting for the last to
heal; after a block everything is waited for and every count made so far is judged. So a row's
longest recovery is from the moment a part was back until everything made before then was stored,
with the part broken again meanwhile; and, after the last strike, until every board was live again.
"""

import math
import os
import platform
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from tests.system.faults.registry import Fault, Open, Trial
from tests.system.faults.table import Row
from tests.system.office import Office, Verdict

CALM_S: Final = (0.2, 2.0)  # between two strikes
HEAL_PATIENCE_S: Final = 240.0
OFFICE_S: Final = 3600.0  # then another is opened
NOTHING: Final = Verdict(made=0, stored=0, lost_with_reason=0)


@dataclass
class Soak:
    """One run.

    Args:
        chosen: what to break.
        times: how often each; a fault may ask for less.
        seconds: stop then, whatever is left to do; None: do it all.
        seed: of everything drawn by lot.
    """

    chosen: Sequence[Fault | Trial]
    times: int
    seconds: float | None
    seed: int
    rows: dict[str, Row] = field(default_factory=dict)
    broken: str | None = None
    """What went so wrong that the rest was not done."""
    began_s: float = field(default_factory=time.monotonic)
    _until_s: float = math.inf

    def run(self) -> list[Row]:
        """Break everything; returns the rows so far, also when interrupted."""
        first = sorted(self.chosen, key=lambda one: one.at_most is not None)  # as in a round
        self.rows = {one.name: Row(one.name, one.promise) for one in first}
        worlds = self._worlds()
        try:
            for nth, soak_it in enumerate(worlds):
                self._share_time(len(worlds) - nth)
                try:
                    soak_it()
                except pytest.skip.Exception as skipped:  # no root, say: the rest goes on
                    print(f"not struck: {skipped}", flush=True)
        except KeyboardInterrupt:
            print("interrupted: this is what was done")
        except AssertionError as error:
            self.broken = f"Broken off: {error}"
        return list(self.rows.values())

    def _worlds(self) -> list[Callable[[], None]]:
        """One for each kind of office, and one for each trial."""
        faults = [one for one in self.chosen if isinstance(one, Fault)]
        trials = [one for one in self.chosen if isinstance(one, Trial)]
        openers = dict.fromkeys(one.open for one in faults)
        return [
            *(
                partial(self._soak_office, opener, [one for one in faults if one.open is opener])
                for opener in openers
            ),
            *(partial(self._soak_trial, one) for one in trials),
        ]

    def _share_time(self, worlds: int) -> None:
        """Of the time that is left, the next of so many gets its share."""
        if self.seconds is not None:
            now_s = time.monotonic()
            self._until_s = now_s + (self.began_s + self.seconds - now_s) / worlds

    @property
    def is_over(self) -> bool:
        """Whether the time of this world is up."""
        return time.monotonic() > self._until_s

    # -- faults in a running office

    def _blocks(self, faults: Sequence[Fault]) -> Iterator[tuple[Fault, int]]:
        chance = random.Random(self.seed)
        left = Counter({one.name: self._times(one) for one in faults})
        while any(left.values()):
            drawn = chance.sample(list(faults), len(faults))
            for one in sorted(drawn, key=lambda one: one.at_most is not None):  # slow ones last
                if strikes := min(one.at_once, left[one.name]):
                    left[one.name] -= strikes
                    yield one, strikes

    def _times(self, one: Fault | Trial) -> int:
        return min(self.times, one.at_most or self.times)

    def _soak_office(self, opener: Open, faults: Sequence[Fault]) -> None:
        """One office after another: an old one's ledger and database would only grow."""
        chance, blocks = random.Random(self.seed), self._blocks(faults)
        for block in blocks:
            if self.is_over:
                return
            folder = Path(tempfile.mkdtemp(prefix="cheongsa-soak-"))
            try:
                self._soak_one(opener, folder, chance, chain([block], blocks))
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _soak_one(
        self,
        opener: Open,
        folder: Path,
        chance: random.Random,
        blocks: Iterator[tuple[Fault, int]],
    ) -> None:
        until_s, before = time.monotonic() + OFFICE_S, NOTHING
        with opener(folder, self.seed) as office:
            for one, strikes in blocks:
                before = self._block(office, one, strikes, chance, before)
                if self.is_over or time.monotonic() > until_s:
                    return

    def _block(
        self, office: Office, one: Fault, strikes: int, chance: random.Random, before: Verdict
    ) -> Verdict:
        row, boards, lies = self.rows[one.name], office.onlooker.boards, len(office.onlooker.lies)
        awaited = []
        for _ in range(strikes):
            time.sleep(chance.uniform(*CALM_S))
            one.strike(office, chance)
            awaited.append(office.recovery.begin())
        live_s = office.wait_until_live(HEAL_PATIENCE_S)
        healed = office.recovery.wait(awaited[-1], HEAL_PATIENCE_S)
        found = office.verdict(HEAL_PATIENCE_S, quiet=False)
        row.add(found, before)
        row.times += strikes  # none that were not judged
        took_s = [one.took_s for one in awaited if one.took_s is not None]
        row.recovery_s = max(row.recovery_s, live_s, *took_s)
        row.boards += office.onlooker.boards - boards
        row.lies += len(office.onlooker.lies) - lies
        self._say(row, found if healed and row.is_clean else None, office)
        return found

    def _say(self, row: Row, found: Verdict | None, office: Office) -> None:
        at_min = (time.monotonic() - self.began_s) / 60
        print(f"{at_min:5.1f} min  {row.line()}", flush=True)
        if found is None:
            print(office.verdict(1, quiet=False), office.onlooker.lies[:5], flush=True)

    # -- worlds of their own

    def _soak_trial(self, one: Trial) -> None:
        row, chance = self.rows[one.name], random.Random(self.seed)
        while row.times < self._times(one) and not self.is_over:
            folder = Path(tempfile.mkdtemp(prefix="cheongsa-soak-"))
            try:
                found = one.run(folder, chance)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            row.add(found.verdict, NOTHING)
            row.times += found.times
            row.recovery_s = max(row.recovery_s, found.recovery_s)
            row.boards, row.lies = row.boards + found.boards, row.lies + found.lies
            print(f"{(time.monotonic() - self.began_s) / 60:5.1f} min  {row.line()}", flush=True)


def measured(soak: Soak) -> str:
    """When and by what, for docs/faults.md."""
    minutes = (time.monotonic() - soak.began_s) / 60
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"{os.cpu_count()} {platform.machine()} cores, Python {platform.python_version()}"
    return f"{day}, seed {soak.seed}, {minutes:.0f} minutes, {machine}"
