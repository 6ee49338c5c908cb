"""Which method forecasts best, judged on days it had not seen, against rivals that cost nothing.

*Persistence* (it stays as it is) is the honest rival within the hour, *seasonal naive* (as it was
a week ago) beyond. The last four weeks are forecast block by block, each from the days before it.
What counts for people is the regret: how much longer they waited at the advised time than at the
best time of the window.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.density import forecast as f
from hub.density import past as pasts
from hub.density.advice import AS_GOOD_S, SAVES_AT_LEAST_S
from hub.density.forecast import HORIZONS, Coefficients, Looks, Method, Series
from hub.density.past import Array, Past
from hub.density.usual import COLLECTING_DAYS

TEST_DAYS: Final = 28
BLOCKS: Final = 4
TRAIN_DAYS: Final[dict[Method, int]] = {"profile": 3, "ridge": 12}
BETTER_BY: Final = 0.03
LEVELS: Final = (0.1, 0.5, 0.9)
NAMED_HORIZONS: Final = {"10": 1, "30": 5, "60": 11, "90": 17}  # minutes: index


@dataclass(frozen=True, slots=True)
class Model:
    """What was chosen for a zone, and why."""

    method: Method
    coefficients: Coefficients
    backtest: dict[str, Any]
    history_days: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Forecasts of one method for days it had not seen; arrays of shape (n, HORIZONS)."""

    forecast: Array
    low: Array
    """From the residuals of earlier blocks only; NaN in the first block."""
    high: Array


def choose(past: Past | None) -> Model | None:
    """Fit and compare; None while collecting, or where nobody was ever served.

    Raises:
        numpy.linalg.LinAlgError: never for finite input: the ridge is positive definite.
    """
    if past is None or past.history_days < COLLECTING_DAYS:
        return None
    rate = pasts.usual_rate(past, past.is_observed)
    if rate is None:
        return None
    series = f.series_of(past, pasts.waits_s(past, rate))
    known = np.asarray(np.isfinite(series.centred).any(axis=1))
    methods: tuple[Method, ...] = ("profile", "ridge") if _may_ridge(past) else ("profile",)
    bench = _Bench(series, known, methods)
    method = bench.best()
    return Model(method, bench.final(method), bench.report(method), past.history_days, past.weeks)


def _may_ridge(past: Past) -> bool:
    return past.weeks >= f.RIDGE_WEEKS


class _Bench:
    """The rolling backtest of one zone. Rows are origins, one every 5 minutes."""

    def __init__(
        self, series: Series, known: NDArray[np.bool_], methods: tuple[Method, ...]
    ) -> None:
        self.series, self.known, self.methods = series, known, methods
        blocks = list(_blocks(known, max(TRAIN_DAYS[m] for m in methods)))
        self.tested = [self._tested(train, test) for train, test in blocks]
        self.looks = _joined([looks for looks, _, _ in self.tested])
        self.truth = np.concatenate([truth for _, truth, _ in self.tested])
        self.trials = {m: self._trial([t[m] for _, _, t in self.tested]) for m in methods}
        self.use = f.is_worth_it(self.looks, self.truth)

    def _tested(
        self, train: NDArray[np.bool_], test: NDArray[np.bool_]
    ) -> tuple[Looks, Array, dict[Method, Array]]:
        """Forecast the days of `test` from those of `train`, by every method."""
        looks, truth = f.looks_of(self.series, f.profile_by_day(self.series, train))
        rows, seen = _rows(train), _rows(test)
        unseen = looks.only(seen)
        forecasts: dict[Method, Array] = {
            method: f.predict(f.fit(looks.only(rows), truth[rows], method, _NO_PROFILE), unseen)
            for method in self.methods
        }
        return unseen, truth[seen], forecasts

    def _trial(self, forecasts: list[Array]) -> Trial:
        """Bands of each block from the residuals of the blocks before it."""
        lows, highs = [np.full_like(forecasts[0], np.nan)], [np.full_like(forecasts[0], np.nan)]
        for n in range(1, len(forecasts)):
            bands = self._bands(np.concatenate(forecasts[:n]), n)
            low, high = f.banded(forecasts[n], bands)
            lows.append(low)
            highs.append(high)
        return Trial(np.concatenate(forecasts), np.concatenate(lows), np.concatenate(highs))

    def _bands(self, forecast: Array, blocks: int) -> list[tuple[float, float]]:
        looks = _joined([looks for looks, _, _ in self.tested[:blocks]])
        truth = np.concatenate([truth for _, truth, _ in self.tested[:blocks]])
        return f.bands_of(forecast, truth, f.is_worth_it(looks, truth))

    def best(self) -> Method:
        """The simpler method, unless the other is at least 3 % better."""
        if "ridge" not in self.methods:
            return "profile"
        simple, rich = (self._mae_s(self.trials[m].forecast, self.use) for m in self.methods)
        return "ridge" if rich <= (1 - BETTER_BY) * simple else "profile"

    def final(self, method: Method) -> Coefficients:
        """Fitted on every day; bands from the forecasts of days that were not seen."""
        looks, truth = f.looks_of(self.series, f.profile_by_day(self.series, self.known))
        rows = _rows(self.known)
        weekly = f.profile_by_weekday(self.series, self.known)
        fitted = f.fit(looks.only(rows), truth[rows], method, weekly)
        usual = np.nan_to_num(self.looks.usual_ahead)
        return replace(
            fitted,
            live_band=f.bands_of(self.trials[method].forecast, self.truth, self.use),
            blind_band=f.bands_of(usual, self.truth, self.use),
        )

    def _mae_s(self, forecast: Array, use: NDArray[np.bool_]) -> float:
        at = use & np.isfinite(forecast)
        return float(np.abs(forecast - self.truth)[at].mean()) if at.any() else float("nan")

    def report(self, method: Method) -> dict[str, Any]:
        """All figures on the same origins, in minutes of waiting."""
        rivals = self._rivals()
        forecasts = {**rivals, **{m: self.trials[m].forecast for m in self.methods}}
        use = self.use & np.logical_and.reduce([np.isfinite(x) for x in forecasts.values()])
        mae = {name: self._mae_by_horizon(x, use) for name, x in forecasts.items()}
        return {
            "method": method,
            "forecasts": int(use.sum()),
            "mae_min": mae,
            "mase_vs_persistence": _ratio(mae[method]["all"], mae["persistence"]["all"]),
            "mase_vs_seasonal_naive": _ratio(mae[method]["all"], mae["seasonal_naive"]["all"]),
            **self._band_report(self.trials[method], use),
            "regret_min": self._regrets(forecasts, method),
        }

    def _rivals(self) -> dict[str, Array]:
        week = np.full_like(self.series.centred, np.nan)
        week[7:] = self.series.centred[:-7]
        # the same rows as `tested`, from the series of a week before
        _, ahead = f.looks_of(replace(self.series, centred=week), week)
        blocks = list(_blocks(self.known, max(TRAIN_DAYS[m] for m in self.methods)))
        return {
            "persistence": np.repeat(self.looks.lags[:, :1], HORIZONS, axis=1),
            "seasonal_naive": np.concatenate([ahead[_rows(test)] for _, test in blocks]),
        }

    def _mae_by_horizon(self, forecast: Array, use: NDArray[np.bool_]) -> dict[str, float | None]:
        figures: dict[str, float | None] = {"all": _minutes(self._mae_s(forecast, use))}
        for name, k in NAMED_HORIZONS.items():
            only = np.zeros_like(use)
            only[:, k] = use[:, k]
            figures[name] = _minutes(self._mae_s(forecast, only))
        return figures

    def _band_report(self, trial: Trial, use: NDArray[np.bool_]) -> dict[str, float | None]:
        at = use & np.isfinite(trial.low)
        if not at.any():
            return {"coverage": None, "pinball_min": None}
        truth, sides = self.truth[at], (trial.low[at], trial.forecast[at], trial.high[at])
        inside = (truth >= sides[0]) & (truth <= sides[2])
        losses = [_pinball(truth, side, q) for side, q in zip(sides, LEVELS, strict=True)]
        return {
            "coverage": round(float(inside.mean()), 3),
            "pinball_min": _minutes(float(np.mean(losses))),
        }

    def _regrets(
        self, forecasts: dict[str, Array], method: Method
    ) -> dict[str, float | int | None]:
        """Where people would wait at least two minutes now: minutes lost by following whom?"""
        now_s = self.looks.lags[:, 0]
        trial, naive = self.trials[method], forecasts["seasonal_naive"]
        high = np.where(np.isfinite(trial.high), trial.high, np.inf)
        followed = {
            "advice": _advised(now_s, trial.forecast, high),
            "seasonal_naive": _advised(now_s, naive, naive),
            "going_now": np.full(len(now_s), -1),
        }
        waited = {name: _waited_s(at, now_s, self.truth) for name, at in followed.items()}
        use = (now_s >= SAVES_AT_LEAST_S) & np.logical_and.reduce(
            [np.isfinite(x) for x in waited.values()]
        )
        best = np.fmin(np.where(np.isfinite(self.truth), self.truth, np.inf).min(axis=1), now_s)
        regrets = {name: _minutes(_mean((x - best)[use])) for name, x in waited.items()}
        return {**regrets, "origins": int(use.sum()), "advised": _share(followed["advice"][use])}


_NO_PROFILE: Final = np.full((7, 1), np.nan)  # a fit for the backtest is never stored


def _blocks(
    known: NDArray[np.bool_], train_days: int
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """(days to learn from, days to forecast): the last days in up to four blocks."""
    days = np.flatnonzero(known)
    testable = days[train_days:][days[train_days:] > days[-1] - TEST_DAYS]
    for block in np.array_split(testable, min(BLOCKS, len(testable))):
        train, test = np.zeros_like(known), np.zeros_like(known)
        train[days[days < block[0]]] = True
        test[block] = True
        yield train, test


def _rows(days: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.flatnonzero(np.repeat(days, f.STEPS))


def _joined(parts: list[Looks]) -> Looks:
    names = ("lags", "usual_lags", "usual_ahead", "weekday", "is_payday")
    return Looks(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _pinball(truth: Array, forecast: Array, level: float) -> float:
    error = truth - forecast
    return float(np.maximum(level * error, (level - 1) * error).mean())


def _advised(now_s: Array, forecast: Array, high: Array) -> NDArray[np.int64]:
    """Which horizon the rule of `hub.density.advice` names at each origin; -1: go now."""
    waits = np.where(np.isfinite(forecast), forecast, np.inf)
    as_good = waits <= waits.min(axis=1, keepdims=True) + AS_GOOD_S
    at = as_good.argmax(axis=1)
    rows = np.arange(len(at))
    worth = (now_s - waits[rows, at] >= SAVES_AT_LEAST_S) & (high[rows, at] < now_s)
    return np.where(worth, at, -1)


def _waited_s(at: NDArray[np.int64], now_s: Array, truth: Array) -> Array:
    """The wait that came true for those who followed; NaN where it was not observed."""
    return np.where(at >= 0, truth[np.arange(len(at)), at], now_s)


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else float("nan")


def _share(at: NDArray[np.int64]) -> float | None:
    return round(float((at >= 0).mean()), 3) if at.size else None


def _minutes(seconds: float) -> float | None:
    return None if np.isnan(seconds) else round(seconds / 60, 3)


def _ratio(value: float | None, of: float | None) -> float | None:
    return round(value / of, 3) if value is not None and of else None
