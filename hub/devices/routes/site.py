"""HTTP of the office itself: names, hours, closed days, levels, zones' words, meals."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from edge.wire.topics import ID_PATTERN
from hub.devices import meal_sheet, meals
from hub.devices.closed_days import public_holiday
from hub.devices.enrolment import UnknownOffice
from hub.devices.meals import MealDay, Note
from hub.devices.site import ThisCentury
from hub.devices.site_page import Change, SiteSettings, SiteSuperseded, UnknownVersion
from hub.devices.store import site_page as store
from hub.devices.store.site_page import Standing
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import (
    CONFLICT,
    UNKNOWN,
    Given,
    Seen,
    connection,
    write_down,
)
from hub.kit import clock

router = APIRouter(tags=["site"], dependencies=[Depends(needs("facilities", "admin"))])
HISTORY_MOST: Final = 50
HOLIDAYS_AHEAD: Final = timedelta(days=366)
MEALS_MOST: Final = timedelta(days=92)
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Id = Annotated[str, Path(pattern=ID_PATTERN)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class SiteGiven(Given):
    """Settings, and which version they were begun from."""

    version: Version
    settings: SiteSettings


class SiteBack(Given):
    """Take an earlier version up again; `version` is the one seen now."""

    version: Version
    back_to: Version


class SiteNamed(Seen):
    """An office in a list."""

    site: str
    name: str
    name_en: str


class HolidaySeen(BaseModel):
    """A public holiday to come."""

    day: date
    name: str
    name_en: str


class SiteSeen(BaseModel):
    """What holds now."""

    version: int
    settings: SiteSettings
    saved_at: datetime | None
    saved_by: str | None
    holidays: list[HolidaySeen] = Field(description="Of the year to come.")


class SiteVersionSeen(Seen):
    """One version of the history."""

    version: int
    saved_at: datetime
    saved_by: str
    changes: list[Change]
    back_to: int | None


class MealsGiven(Given):
    """Days to put in place of what was there."""

    days: Annotated[tuple[MealDay, ...], Field(min_length=1, max_length=meals.DAYS_MOST)]


class NoteSeen(BaseModel):
    """Something to look at before saving."""

    note: Note
    about: str


class MealsRead(BaseModel):
    """What was read from a table. Nothing is saved yet."""

    days: list[MealDay]
    notes: list[NoteSeen]


@router.get("/sites", operation_id="readSites")
async def read_sites(request: Request) -> list[SiteNamed]:
    """All offices."""
    async with connection(request) as conn:
        return [SiteNamed.model_validate(one) for one in await store.sites(conn)]


@router.get("/sites/{site}", operation_id="readSite", responses=UNKNOWN)
async def read_site(request: Request, site: Id) -> SiteSeen:
    """What the office says of itself, and the holidays to come."""
    async with connection(request) as conn:
        return _seen(await _standing(conn, site))


@router.put("/sites/{site}", operation_id="saveSite", responses={**UNKNOWN, **CONFLICT})
async def save_site(request: Request, site: Id, given: SiteGiven) -> SiteSeen:
    """Say this from now on, if nobody saved since `version`; the board says it at once."""
    return await _save(request, site, given.version, given.settings, None)


@router.post("/sites/{site}/back", operation_id="goBackToSite", responses={**UNKNOWN, **CONFLICT})
async def go_back(request: Request, site: Id, given: SiteBack) -> SiteSeen:
    """Take up an earlier version again, as a new one."""
    async with connection(request) as conn:
        await _standing(conn, site)
        settings = await store.kept(conn, site, given.back_to)
    if settings is None:
        raise UnknownVersion(given.back_to)
    return await _save(request, site, given.version, settings, given.back_to)


@router.get("/sites/{site}/history", operation_id="readSiteHistory", responses=UNKNOWN)
async def read_history(request: Request, site: Id) -> list[SiteVersionSeen]:
    """Who saved what when, newest first."""
    async with connection(request) as conn:
        await _standing(conn, site)
        found = await store.history(conn, site, HISTORY_MOST)
    return [SiteVersionSeen.model_validate(one) for one in found]


@router.get("/sites/{site}/meals", operation_id="readMeals", responses=UNKNOWN)
async def read_meals(
    request: Request, site: Id, first: ThisCentury, last: ThisCentury
) -> list[MealDay]:
    """The days from `first` to `last` for which somebody gave meals; three months at most."""
    async with connection(request) as conn:
        await _standing(conn, site)
        return await store.meals(conn, site, first, min(last, first + MEALS_MOST))


@router.put("/sites/{site}/meals", operation_id="saveMeals", status_code=204, responses=UNKNOWN)
async def save_meals(request: Request, site: Id, given: MealsGiven) -> None:
    """Put these days in place of what was there. A day without courses is emptied."""
    who = await signed_in(request)
    days = [one.day.isoformat() for one in given.days]
    async with connection(request) as conn:
        await _standing(conn, site, lock=True)
        await store.keep_meals(conn, site, given.days, who.login, clock.now())
        told = {"days": sorted(set(days))}
        await write_down(conn, request, who.login, "site.meals", site, told)


@router.post(
    "/sites/{site}/meals/reading",
    operation_id="readMealTable",
    responses=UNKNOWN,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A workbook (.xlsx, at most 1 MiB) or pasted text.",
            "content": {
                WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
                "text/plain": {"schema": {"type": "string"}},
            },
        }
    },
)
async def read_meal_table(request: Request, site: Id, day: ThisCentury) -> MealsRead:
    """Read a table of meals whose days lie near `day`, to be looked at before it is saved."""
    async with connection(request) as conn:
        await _standing(conn, site)
    found = await asyncio.to_thread(_read, await request.body(), day)
    notes = [NoteSeen(note=note, about=about) for note, about in found.notes]
    return MealsRead(days=list(found.days), notes=notes)


def _read(body: bytes, day: date) -> meals.Found:
    if meal_sheet.is_workbook(body):
        return meals.read(meal_sheet.grid_of(body), day)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise meal_sheet.NO_WORKBOOK from error
    if text.lstrip("\ufeff \r\n").startswith("<"):  # a page that was named .xls
        raise meal_sheet.NO_WORKBOOK
    return meals.read(meals.grid_of(text.replace("\r\n", "\n")), day)


async def _save(
    request: Request, site: str, seen: int, settings: SiteSettings, back_to: int | None
) -> SiteSeen:
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        before = await _standing(conn, site, lock=True)
        if before.version != seen:
            raise SiteSuperseded(before.version)
        changes = settings.changes(before.settings)
        await store.keep(conn, site, settings, before, changes, who.login, now, back_to)
        told: dict[str, Any] = {"version": before.version + 1, "changes": list(changes)}
        if back_to is not None:
            told["back_to"] = back_to
        await write_down(conn, request, who.login, "site.save", site, told)
        return _seen(await _standing(conn, site))


async def _standing(conn: Any, site: str, *, lock: bool = False) -> Standing:
    """Raises UnknownOffice."""
    found = await store.standing(conn, site, lock=lock)
    if found is None:
        raise UnknownOffice(site)
    return found


def _seen(one: Standing) -> SiteSeen:
    return SiteSeen(
        version=one.version,
        settings=one.settings,
        saved_at=one.saved_at,
        saved_by=one.saved_by,
        holidays=_holidays(clock.now().astimezone(clock.SEOUL).date()),
    )


def _holidays(today: date) -> list[HolidaySeen]:
    days = (today + timedelta(days=n) for n in range(HOLIDAYS_AHEAD.days))
    return [
        HolidaySeen(day=day, name=name.ko, name_en=name.en)
        for day in days
        if (name := public_holiday(day))
    ]
