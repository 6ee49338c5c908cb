"""Whether this process lives, whether it can answer, and its figures."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.density.feed import Feed
from hub.density.store import series
from hub.identity import access
from hub.kit import clock, db
from hub.web import metrics

router = APIRouter(tags=["operation"], dependencies=[Depends(access.ANYONE)])
BOARD_PATIENCE_S: Final = 1.0
NO_STORE: Final = {"Cache-Control": "no-store"}


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The database answers and has a schema."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    status: Literal["ok"] = "ok"
    migrated_to: str = Field(description="Newest file of hub/schema that ran.")
    last_sample_at: datetime | None
    last_sample_age_s: float | None = Field(description="null: nothing was ever counted.")


@router.get("/healthz", operation_id="readAlive")
async def read_alive(response: Response) -> Alive:
    """The process lives. Says nothing of the database."""
    response.headers.update(NO_STORE)
    return Alive()


@router.get("/readyz", operation_id="readReady")
async def read_ready(request: Request, response: Response) -> Ready:
    """The database answers and is migrated. 503 otherwise: send nobody here."""
    response.headers.update(NO_STORE)
    pool: db.Pool = request.app.state.pool
    async with pool.connection(timeout=2.0) as conn:
        found = await series.ready(conn)
    at = found.last_sample_at
    return Ready(
        migrated_to=found.migrated_to,
        last_sample_at=at,
        last_sample_age_s=None if at is None else (clock.now() - at).total_seconds(),
    )


@router.get(
    "/metrics",
    operation_id="readMetrics",
    response_class=Response,
    responses={200: {"description": "For Prometheus.", "content": {metrics.CONTENT_TYPE: {}}}},
)
async def read_metrics(request: Request) -> Response:
    """Figures of this process, and of the newest board it has read."""
    figures: metrics.Metrics = request.app.state.metrics
    await look_at_board(request.app.state.feed)
    return Response(figures.text(), media_type=metrics.CONTENT_TYPE, headers=NO_STORE)


async def look_at_board(feed: Feed) -> None:
    """Read the board where it is time to, so that the figures are of now if they can be."""
    with suppress(*db.AWAY):  # then they are of the last board there was
        async with asyncio.timeout(BOARD_PATIENCE_S):
            await feed.current()
