"""The forecast against rivals that cost nothing, on *simulated* queues.

No public minute-by-minute record of a cafeteria queue was found, so the days come from the queue
simulation of `hub.density.crowd` (Poisson arrivals, one counter, days that differ): the figures
say that the method works on waits of this shape, not how well it will do in a given office. Each
office's own backtest is in its `forecast_model` table, made again every night.
"""

from collections.abc import Iterator
from statistics import mean
from typing import Any

import numpy as np

from hub.density import backtest, waiting
from hub.density import past as pasts
from hub.density.hours import Hours
from tests.hub.density.pasts import LUNCH, past_of, true_waits_s

ZONES = (1, 2, 3, 4)
DAYS = 56
SHAPES: dict[str, Hours] = {"lunch queue": LUNCH, "all-day queue": None}
Row = dict[str, Any]


def rows() -> Iterator[Row]:
    """One row a figure; every figure is the mean over four simulated zones of eight weeks."""
    for shape, hours in SHAPES.items():
        reports = [_report(hours, zone_id) for zone_id in ZONES]
        yield from _errors(shape, reports)
        yield from _bands(shape, reports)
        yield from _regrets(shape, reports)
    yield from _waits()


def _report(hours: Hours, zone_id: int) -> dict[str, Any]:
    model = backtest.choose(past_of(hours, DAYS, zone_id))
    assert model is not None
    return model.backtest


def _errors(shape: str, reports: list[dict[str, Any]]) -> Iterator[Row]:
    for rival, most in (("persistence", 0.6), ("seasonal_naive", 0.9)):
        for horizon in ("10", "30", "60", "all"):
            ours = mean(r["mae_min"][r["method"]][horizon] for r in reports)
            theirs = mean(r["mae_min"][rival][horizon] for r in reports)
            ahead = "5-90 min" if horizon == "all" else f"{horizon} min"
            yield _row(
                f"forecast against {_words(rival)}: mean error {ahead} ahead, {shape} (simulated)",
                ours,
                "min of waiting",
                f"{_words(rival)}: {theirs:.2f}",
                ours / theirs if theirs else None,
                most if horizon == "all" else 1.0,
            )


def _bands(shape: str, reports: list[dict[str, Any]]) -> Iterator[Row]:
    coverage = mean(r["coverage"] for r in reports)
    yield {
        "name": f"forecast: true waits inside the 80 % band, {shape} (simulated)",
        "value": round(coverage, 3),
        "unit": "share",
        "compared_with": "0.8 promised",
        "ratio": round(coverage / 0.8, 3),
        "floor": 0.9,
        "ok": 0.72 <= coverage <= 0.9,
    }
    yield {
        "name": f"forecast: pinball loss of 10-50-90 %, {shape} (simulated)",
        "value": round(mean(r["pinball_min"] for r in reports), 3),
        "unit": "min of waiting",
        "compared_with": None,
        "ratio": None,
        "floor": None,
        "ok": True,
    }


def _regrets(shape: str, reports: list[dict[str, Any]]) -> Iterator[Row]:
    ours = mean(r["regret_min"]["advice"] for r in reports)
    for rival, most in (("going_now", 0.5), ("seasonal_naive", 1.0)):
        theirs = mean(r["regret_min"][rival] for r in reports)
        yield _row(
            f"advice against {_words(rival)}: waited beyond the best time, {shape} (simulated)",
            ours,
            "min of waiting",
            f"{_words(rival)}: {theirs:.2f}",
            ours / theirs if theirs else None,
            most,
        )


def _waits() -> Iterator[Row]:
    """The wait shown now, against the wait that the simulation knows."""
    told = np.array([pair for zone_id in ZONES for pair in _waits_now(zone_id)])
    shown, low, high, by_seen, truth = told.T
    inside = float(((truth >= low) & (truth <= high)).mean())
    ours, theirs = (float(np.abs(x - truth).mean()) / 60 for x in (shown, by_seen))
    yield _row(
        "wait now: mean error, lunch queue (simulated)",
        ours,
        "min of waiting",
        f"people ahead over the bare rate of five minutes: {theirs:.2f}",
        ours / theirs,
        1.0,
    )
    yield {
        "name": "wait now: true waits inside the 80 % interval, lunch queue (simulated)",
        "value": round(inside, 3),
        "unit": "share",
        "compared_with": "0.8 promised",
        "ratio": round(inside / 0.8, 3),
        "floor": 0.9,
        "ok": inside >= 0.72,
    }


def _waits_now(zone_id: int) -> Iterator[tuple[float, float, float, float, float]]:
    """(shown, low, high, by the bare rate, true) wherever somebody queued, in seconds."""
    past = past_of(LUNCH, DAYS, zone_id)
    truth = true_waits_s(past, LUNCH, zone_id)
    rate = pasts.usual_rate(past, past.is_observed)
    assert rate is not None
    busy = pasts.busy_s(past)
    for day, minute in np.argwhere(np.isfinite(truth) & (past.people >= 1)).tolist():
        behind = slice(minute - 4, minute + 1)
        served, busy_s = int(past.served[day, behind].sum()), float(busy[day, behind].sum())
        people = round(past.people[day, minute])
        wait = waiting.estimate(people, served, busy_s, float(rate[minute]))
        if wait is not None and served > 0:
            by_seen = people * busy_s / served
            yield wait.wait_s, wait.low_s, wait.high_s, by_seen, float(truth[day, minute])


def _words(rival: str) -> str:
    return rival.replace("_", " ")


def _row(
    name: str, value: float, unit: str, compared_with: str, ratio: float | None, most: float
) -> Row:
    """A figure that is good when its ratio is at most `most`."""
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "compared_with": compared_with,
        "ratio": None if ratio is None else round(ratio, 3),
        "floor": most,
        "ok": ratio is not None and ratio <= most,
        "side": "at most",
    }
