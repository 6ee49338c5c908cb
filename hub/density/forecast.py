"""The next 90 minutes of waiting, by a ladder of methods that history has to earn.

Fewer than 5 observed days: collecting. Then *profile*: the usual curve plus what is left of the
present deviation from it. From 6 weeks on *ridge*, if it was at least 3 % better in the backtest.
The band holds the true wait four times out of five: residuals of forecasts for days that the
model had not seen, split conformal, lower and upper side apart.

Times are steps of 5 minutes of Korean time; "flat" arrays run through all days.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from hub.density.past import DAY_MIN, RECENT_MIN, Array, Past, nan_mean, utc
from hub.density.usual import STEP_MIN, STEPS, same_daytype, same_weekday, smoothed
from hub.kit.clock import SEOUL

Method = Literal["profile", "ridge"]

RIDGE_WEEKS: Final = 6
HORIZONS: Final = 18  # steps of 5 minutes
LAGS: Final = 13  # the last hour, newest first
TRAILING_MIN: Final = 3  # the level "now" is the mean of so many minutes
ALL_DAYS_WEIGHT: Final = 2.0
QUIET_S: Final = 30.0  # a queue shorter than this, now and usually: nothing to forecast
SCALE_S: Final = 60.0  # errors grow with the wait: the band is a fraction of (wait + this)
BAND: Final = (0.1, 0.9)
RIDGE_PENALTY: Final = 0.003  # per row, on standardised features
PAYDAY: Final = 20  # of Korean local government; many eat out


@dataclass(frozen=True, slots=True)
class Looks:
    """What is known at n origins, and what is usual then. Seconds; NaN is unknown."""

    lags: Array
    """(n, LAGS): the wait now, 5 minutes ago, ..., an hour ago."""
    usual_lags: Array
    """(n, LAGS): the profile at the same times."""
    usual_ahead: Array
    """(n, HORIZONS): the profile 5, 10, ..., 90 minutes ahead."""
    weekday: NDArray[np.int64]
    """(n,), Monday is 0."""
    is_payday: NDArray[np.bool_]
    """(n,)"""

    def only(self, rows: NDArray[Any]) -> "Looks":
        """Some of the origins."""
        return Looks(
            self.lags[rows],
            self.usual_lags[rows],
            self.usual_ahead[rows],
            self.weekday[rows],
            self.is_payday[rows],
        )


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A fitted method, ready for JSON. Lists run over the horizons."""

    method: Method
    profile: list[list[float | None]]
    """(7, STEPS): the usual wait in seconds, Monday first; None is closed or unknown."""
    decay: list[float]
    """What is left of the present deviation after each horizon, 0..1."""
    weights: list[list[float]]
    """Ridge weights, one list a horizon; empty for the profile."""
    live_band: list[tuple[float, float]]
    """Residual quantiles as fractions of (wait + SCALE_S), where the present wait is known."""
    blind_band: list[tuple[float, float]]
    """The same where only the profile is known."""

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        bands = {
            name: [(float(low), float(high)) for low, high in told[name]]
            for name in ("live_band", "blind_band")
        }
        return cls(told["method"], told["profile"], told["decay"], told["weights"], **bands)


@dataclass(frozen=True, slots=True)
class Point:
    """A wait to come with its 80 % band, in seconds."""

    at: datetime
    wait_s: float
    wait_low_s: float
    wait_high_s: float


@dataclass(frozen=True, slots=True)
class Series:
    """The waits of a past in steps of 5 minutes. Arrays have shape (days, STEPS)."""

    first_day: date
    centred: Array
    """Mean wait of the 5 minutes around each step: what is to be forecast."""
    trailing: Array
    """Mean wait of the 3 minutes before each step: what is known then."""

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Weekday of each day, Monday is 0."""
        return (np.arange(len(self.centred)) + self.first_day.weekday()) % 7

    @property
    def paydays(self) -> NDArray[np.bool_]:
        """Which days are payday."""
        days = range(len(self.centred))
        return np.array([_is_payday(self.first_day + timedelta(days=n)) for n in days])


def series_of(past: Past, waits_s: Array) -> Series:
    """Steps of 5 minutes from the waits of each minute, shape (days, 1440)."""
    flat = waits_s.ravel()
    ahead = np.concatenate([np.full(2, np.nan), flat, np.full(2, np.nan)])
    behind = np.concatenate([np.full(TRAILING_MIN, np.nan), flat])
    around = sliding_window_view(ahead, 5)[::STEP_MIN]
    centred = nan_mean(around, 1)
    centred[~np.isfinite(around[:, 2:]).any(axis=1)] = np.nan  # the counter has just closed
    trailing = nan_mean(sliding_window_view(behind, TRAILING_MIN)[:-1:STEP_MIN], 1)
    shape = (len(waits_s), STEPS)
    return Series(past.first_day, centred.reshape(shape), trailing.reshape(shape))


def profile_by_day(series: Series, is_known: NDArray[np.bool_]) -> Array:
    """The usual wait on each day, from the *other* known days; shape (days, STEPS).

    A day must not foretell itself: with its own wait in its profile every fit would look better
    than it is. The median of the same weekday, shrunk to that of the same kind of day.

    Args:
        series: the waits.
        is_known: the days that may be learnt from, shape (days,).
    """
    weekdays = series.weekdays
    profile = np.full(series.centred.shape, np.nan)
    kindred = [_median(series.centred[is_known & same_daytype(weekdays, wd)])[0] for wd in range(7)]
    for day, weekday in enumerate(weekdays):
        others = is_known & same_weekday(weekdays, weekday)
        others[day] = False
        profile[day] = _mixed(series.centred[others], kindred[weekday])
    return smoothed(profile)


def profile_by_weekday(series: Series, is_known: NDArray[np.bool_]) -> Array:
    """The usual wait of each weekday for days to come; shape (7, STEPS)."""
    rows = [
        _mixed(
            series.centred[is_known & same_weekday(series.weekdays, weekday)],
            _median(series.centred[is_known & same_daytype(series.weekdays, weekday)])[0],
        )
        for weekday in range(7)
    ]
    return smoothed(np.array(rows))


def _mixed(own: Array, kindred: Array) -> Array:
    median, days = _median(own)
    weight = days / (days + ALL_DAYS_WEIGHT)
    mixed = weight * np.nan_to_num(median) + (1 - weight) * kindred
    return np.where(np.isfinite(median), mixed, kindred)


def _median(values: Array) -> tuple[Array, Array]:
    """Median over days of what is known at each step, and on how many days it was."""
    known = np.isfinite(values).sum(axis=0)
    result = np.full(values.shape[1], np.nan)
    ordered = np.sort(values, axis=0)  # NaN sorts last
    for count in np.unique(known[known > 0]):
        at = known == count
        result[at] = (ordered[(count - 1) // 2, at] + ordered[count // 2, at]) / 2
    return result, known.astype(np.float64)


def looks_of(series: Series, profile: Array) -> tuple[Looks, Array]:
    """Every step as an origin, and what came true: truth has shape (n, HORIZONS)."""
    flat, usual = series.trailing.ravel(), profile.ravel()
    days = np.repeat(np.arange(len(series.centred)), STEPS)
    looks = Looks(
        lags=_behind(flat),
        usual_lags=_behind(usual),
        usual_ahead=_ahead(usual),
        weekday=series.weekdays[days],
        is_payday=series.paydays[days],
    )
    return looks, _ahead(series.centred.ravel())


def _behind(flat: Array) -> Array:
    padded = np.concatenate([np.full(LAGS - 1, np.nan), flat])
    return sliding_window_view(padded, LAGS)[:, ::-1]


def _ahead(flat: Array) -> Array:
    padded = np.concatenate([flat[1:], np.full(HORIZONS, np.nan)])
    return sliding_window_view(padded, HORIZONS)


def is_worth_it(looks: Looks, truth: Array) -> NDArray[np.bool_]:
    """Which forecasts have something to say, shape (n, HORIZONS): the rest are zero for anybody.

    Judged by what is known beforehand only; what came true must merely have been observed.
    """
    lively = np.nan_to_num(np.fmax(looks.lags[:, :1], looks.usual_ahead)) > QUIET_S
    known = np.isfinite(looks.lags[:, :1]) & np.isfinite(looks.usual_ahead) & np.isfinite(truth)
    return lively & known


def fit(looks: Looks, truth: Array, method: Method, profile: Array) -> Coefficients:
    """Fit every horizon; the bands stay empty until `with_bands`."""
    use = is_worth_it(looks, truth)
    decay = [_decay(looks, truth, use, k) for k in range(HORIZONS)]
    weights = (
        [_ridge(looks.only(use[:, k]), truth[use[:, k], k], k) for k in range(HORIZONS)]
        if method == "ridge"
        else []
    )
    table = [[None if np.isnan(v) else round(float(v), 1) for v in row] for row in profile]
    return Coefficients(method, table, decay, weights, [], [])


def _decay(looks: Looks, truth: Array, use: NDArray[np.bool_], k: int) -> float:
    """Least squares share of the present deviation that is still there, held to 0..1."""
    rows = use[:, k] & np.isfinite(looks.usual_lags[:, 0])
    deviation = looks.lags[rows, 0] - looks.usual_lags[rows, 0]
    left = truth[rows, k] - looks.usual_ahead[rows, k]
    energy = float(deviation @ deviation)
    return round(min(1.0, max(0.0, float(deviation @ left) / energy)), 4) if energy else 0.0


def _ridge(looks: Looks, truth: Array, k: int) -> list[float]:
    """Ridge on the deviation from the profile; weights in the features' own units."""
    features = _features(looks, k)
    if len(truth) < 2 * features.shape[1]:  # too little to say more than the profile does
        return [0.0] * features.shape[1]
    spread = features.std(axis=0)
    spread[spread < 1e-9] = np.inf  # a feature that never moved has no weight
    scaled = features / spread
    gram = scaled.T @ scaled + RIDGE_PENALTY * len(truth) * np.eye(features.shape[1])
    weights = np.linalg.solve(gram, scaled.T @ (truth - looks.usual_ahead[:, k])) / spread
    return [float(f"{w:.6g}") for w in weights]


def _features(looks: Looks, k: int) -> Array:
    """What may explain the deviation at horizon k; shape (n, features). Unknown is usual."""
    usual = np.nan_to_num(looks.usual_lags)
    lags = np.where(np.isfinite(looks.lags), looks.lags, usual)
    deviation, ahead = lags - usual, looks.usual_ahead[:, k]
    half_hour = slice(0, 7)
    ratio = (lags[:, half_hour].sum(1) + SCALE_S) / (usual[:, half_hour].sum(1) + SCALE_S)
    busier = (np.clip(ratio, 0.4, 2.5) - 1) * ahead
    columns = [
        *(deviation[:, lag] for lag in (0, 1, 2, 4, 6)),
        deviation.mean(axis=1),
        lags[:, 0] - lags[:, 1],
        lags[:, 1] - lags[:, 3],
        usual[:, 0],
        ahead,
        ahead - usual[:, 0],
        busier,
        ahead * looks.is_payday,
        *(ahead * (looks.weekday == weekday) for weekday in range(7)),
    ]
    return np.stack(columns, axis=1)


def predict(model: Coefficients, looks: Looks) -> Array:
    """Waits in seconds, shape (n, HORIZONS); NaN where nothing is usual."""
    usual = looks.usual_ahead
    deviation = looks.lags[:, 0] - np.nan_to_num(looks.usual_lags[:, 0])
    known = np.isfinite(deviation)[:, None]
    if model.method == "ridge":
        added = np.stack(
            [_features(looks, k) @ np.array(model.weights[k]) for k in range(HORIZONS)], axis=1
        )
    else:
        added = np.nan_to_num(deviation)[:, None] * np.array(model.decay)
    return np.maximum(0.0, usual + np.where(known, added, 0.0))


def bands_of(forecast: Array, truth: Array, use: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Conformal residual quantiles of each horizon, as fractions of (forecast + SCALE_S)."""
    scores = (truth - forecast) / (forecast + SCALE_S)
    return [_conformal(scores[use[:, k], k]) for k in range(HORIZONS)]


def _conformal(scores: Array) -> tuple[float, float]:
    """Low and high side with the finite-sample correction; nothing known: a band twice as wide."""
    n = len(scores)
    if n == 0:
        return -1.0, 2.0
    ordered = np.sort(scores)
    low = ordered[max(0, int(np.floor((n + 1) * BAND[0])) - 1)]
    high = ordered[min(n - 1, int(np.ceil((n + 1) * BAND[1])) - 1)]
    return round(float(low), 4), round(float(high), 4)


def banded(forecast: Array, bands: list[tuple[float, float]]) -> tuple[Array, Array]:
    """Lower and upper bounds of a forecast; the forecast always lies between them."""
    low, high = np.array(bands).T
    spread = forecast + SCALE_S
    return (
        np.clip(forecast + low * spread, 0.0, forecast),
        np.maximum(forecast + high * spread, forecast),
    )


def points_from(model: Coefficients, recent_waits_s: Array, now: datetime) -> list[Point]:
    """Forecast the next 90 minutes in steps of 5; steps outside the usual hours are left out.

    Where the wait of the last three minutes is unknown (a node that went silent, a queue that
    nobody serves) the profile alone speaks, in a wider band.

    Args:
        model: what `hub.density.backtest.choose` fitted.
        recent_waits_s: one wait a minute, shape (RECENT_MIN,), the newest last, NaN unknown.
        now: the moment that `recent_waits_s` ends at.
    """
    looks, first_at = _look(model, recent_waits_s, now)
    live = bool(np.isfinite(looks.lags[0, 0]))
    forecast = predict(model, looks) if live else looks.usual_ahead
    low, high = banded(forecast, model.live_band if live else model.blind_band)
    return [
        Point(
            first_at + timedelta(minutes=STEP_MIN * k),
            wait_s=round(float(forecast[0, k]), 1),
            wait_low_s=round(float(low[0, k]), 1),
            wait_high_s=round(float(high[0, k]), 1),
        )
        for k in range(HORIZONS)
        if np.isfinite(forecast[0, k])
    ]


def _look(model: Coefficients, recent_waits_s: Array, now: datetime) -> tuple[Looks, datetime]:
    """What is known now, and the moment of the first horizon.

    Horizons end on round times of the clock ("12:20"), so each is up to one step nearer than it
    was in training: the band is a little wider than it need be.
    """
    local = now.astimezone(SEOUL)
    minute = local.hour * 60 + local.minute
    flat = np.array(
        [[np.nan if v is None else v for v in row] for row in model.profile], dtype=np.float64
    )
    weekday = local.weekday()
    # yesterday, today, tomorrow: an hour back and 90 minutes ahead may cross midnight
    days = np.concatenate([flat[(weekday + n) % 7] for n in (-1, 0, 1)])
    ends = RECENT_MIN - STEP_MIN * np.arange(LAGS)
    lags = [recent_waits_s[end - TRAILING_MIN : end] for end in ends]
    step = STEPS + minute // STEP_MIN
    behind = (DAY_MIN + minute - STEP_MIN * np.arange(LAGS)) / STEP_MIN
    looks = Looks(
        lags=nan_mean(np.array(lags), 1)[None, :],
        usual_lags=np.interp(behind, np.arange(3 * STEPS), days)[None, :],
        usual_ahead=days[None, step + 1 : step + 1 + HORIZONS],
        weekday=np.array([weekday]),
        is_payday=np.array([_is_payday(local.date())]),
    )
    first_minute = (minute // STEP_MIN + 1) * STEP_MIN
    return looks, utc(local.date(), first_minute)


def _is_payday(day: date) -> bool:
    """The 20th, or the last working day before it when that is a weekend."""
    payday = day.replace(day=PAYDAY)
    return day == payday - timedelta(days=max(0, payday.isoweekday() - 5))
