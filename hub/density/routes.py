"""HTTP of the board: now, history, forecast and badge. All of it only reads.

The live stream is in `hub.web.live`; what goes wrong stands in `problems.py`.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from edge.wire.topics import ID_PATTERN
from hub.density import badge, history
from hub.density.board import Board, Forecast, History
from hub.density.errors import UnknownZone
from hub.density.feed import Encoded, Feed
from hub.density.history import Step
from hub.density.now import forecast_point
from hub.density.store import series
from hub.identity import access
from hub.kit import clock, db

router = APIRouter(prefix="/api/v1/density", tags=["density"], dependencies=[Depends(access.BOARD)])

_ID: Final = ID_PATTERN.removeprefix("^").removesuffix("$")
KEY_PATTERN: Final = rf"^{_ID}\.{_ID}\.{_ID}$"
YEARS: Final = (2000, 2100)  # beyond, date arithmetic ends before the answer does


def _plus_restored(text: Any) -> Any:
    """A `+` in a query that was not percent-encoded arrives as a space."""
    return re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if isinstance(text, str) else text


def _in_reach(at: datetime) -> datetime:
    if not YEARS[0] <= at.year < YEARS[1]:
        raise ValueError(f"a time lies between the years {YEARS[0]} and {YEARS[1]}")
    return at


def _whole(text: Any) -> Any:
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,6}", text) else text


Site = Annotated[str | None, Query(pattern=ID_PATTERN, description="Only this office.")]
Key = Annotated[str, Path(alias="zone", pattern=KEY_PATTERN, description="`site.node.zone`")]
Moment = Annotated[AwareDatetime, BeforeValidator(_plus_restored), AfterValidator(_in_reach)]
Lang = Annotated[Literal["ko", "en"], Query(description="Language of the badge.")]

UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {404: {"description": "No such site or zone."}}
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Still the answer whose ETag was given in If-None-Match."}
}


@router.get("", operation_id="readBoard", response_model=Board, responses={**UNKNOWN, **UNCHANGED})
async def read_board(request: Request, site: Site = None) -> Response:
    """What every zone is like now. The stream's `density` event carries the same JSON."""
    feed: Feed = request.app.state.feed
    return _answer(request, (await feed.current()).encoded(site), "no-cache")


@router.get(
    "/{zone}/history",
    operation_id="readHistory",
    response_model=History,
    responses={**UNKNOWN, **UNCHANGED},
)
async def read_history(
    request: Request,
    key: Key,
    start: Annotated[
        Moment | None, Query(alias="from", description="Default: midnight in Korea.")
    ] = None,
    end: Annotated[Moment | None, Query(alias="to", description="Default: now.")] = None,
    step: Annotated[
        Annotated[Step, BeforeValidator(_whole)] | None,
        Query(description="Seconds per bucket. Default: the finest that fits one answer."),
    ] = None,
) -> Response:
    """A zone's past: one point per bucket, null where nothing was observed."""
    asked_for = history.asked(start, end, step, clock.now())
    async with _connection(request) as conn:
        zone = await _named(conn, key)
        found = await series.buckets(
            conn, zone.zone_id, history.look_back(asked_for), asked_for.end, asked_for.step_s
        )
        usual = await series.usual_rates(conn, zone.zone_id, asked_for.start, asked_for.end)
    points = history.points(
        found, asked_for, usual, served_line=zone.has_wait, factor=zone.wait_factor
    )
    answer = History(key=key, step_s=asked_for.step_s, points=points)
    return _answer(request, Encoded.of(answer), "public, max-age=10")


@router.get(
    "/{zone}/forecast",
    operation_id="readForecast",
    response_model=Forecast,
    responses={**UNKNOWN, **UNCHANGED},
)
async def read_forecast(request: Request, key: Key) -> Response:
    """Today's usual curve and the waits to come, with their 80 % band."""
    now = clock.now()
    async with _connection(request) as conn:
        zone = await _named(conn, key)
        found = await series.outlook(conn, zone.zone_id, now)
    answer = Forecast(
        key=key,
        made_at=found.made_at,
        method=found.model.method if found.model else "collecting",
        history_days=found.model.history_days if found.model else 0,
        history_simulated=zone.history_simulated,
        usual=history.usual_today(found.usual, now),
        points=tuple(forecast_point(row) for row in found.points),
    )
    return _answer(request, Encoded.of(answer), "public, max-age=30")


@router.get(
    "/{zone}/badge.svg",
    operation_id="readBadge",
    response_class=Response,
    responses={
        200: {"description": "A picture without script.", "content": {"image/svg+xml": {}}},
        **UNKNOWN,
        **UNCHANGED,
    },
)
async def read_badge(request: Request, key: Key, lang: Lang = "ko") -> Response:
    """The zone in one small picture. It greys itself when its count gets old."""
    feed: Feed = request.app.state.feed
    board = (await feed.current()).board
    zone = next((z for site in board.sites for z in site.zones if z.key == key), None)
    if zone is None:
        raise UnknownZone(key)
    body = badge.svg(zone, clock.now(), board.stale_after_s, lang).encode()
    return _answer(request, Encoded.of_bytes(body), "no-cache", "image/svg+xml")


def _connection(request: Request) -> Any:
    pool: db.Pool = request.app.state.pool
    return pool.connection()


async def _named(conn: Any, key: str) -> series.ZoneName:
    site, node, zone = key.split(".")
    found = await series.zone_named(conn, site, node, zone)
    if found is None:
        raise UnknownZone(key)
    return found


def _answer(
    request: Request, encoded: Encoded, cache: str, media_type: str = "application/json"
) -> Response:
    """The body, or 304 where the asker has it already."""
    headers = {"ETag": encoded.etag, "Cache-Control": cache}
    if _has_already(request.headers.get("if-none-match"), encoded.etag):
        return Response(status_code=304, headers=headers)
    return Response(encoded.body, media_type=media_type, headers=headers)


def _has_already(if_none_match: str | None, etag: str) -> bool:
    """RFC 9110 13.1.2: a weak comparison with each of the list, or `*`."""
    if if_none_match is None:
        return False
    given = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in given or etag in given
