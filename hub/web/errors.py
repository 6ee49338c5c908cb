"""One table from errors to RFC 9457 problems, in Korean or English.

`type` is a stable name for programs, `title` and `detail` are sentences for people. A detail may
name fields of the error; nothing else of an error is ever shown.
"""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.automation import problems as automation
from hub.automation.answer import NotPossible
from hub.automation.question import DayNotKnown
from hub.density import problems as density
from hub.devices import problems as devices
from hub.document import problems as document
from hub.identity import problems as identity
from hub.kit import db
from hub.kit.presence import DATABASE
from hub.kit.problem import Kind, Lang, innermost, row
from hub.kit.sheet import SheetUnreadable
from hub.rules import problems as rules
from hub.tripproof import problems as tripproof

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:cheongsa:problem:"
RETRY_AFTER_S: Final = 5


class WrongField(BaseModel):
    """One thing that could not be read in a request."""

    where: str = Field(description="`body`, `query` or `path`", examples=["query"])
    name: str = Field(examples=["from"])
    detail: str
    pointer: str | None = Field(
        default=None,
        description="Of the body: where in it, down to the line of a list and its field.",
        examples=["#/nights/0/paid_won"],
    )


class Problem(BaseModel):
    """RFC 9457: what went wrong, and what to do."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=[URN + "unknown-zone"])
    title: str = Field(examples=["그런 구역이 없어요"])
    status: int = Field(examples=[404])
    detail: str
    instance: str = Field(description="The path that was asked for.")
    errors: list[WrongField] | None = Field(default=None, description="Only of a 422.")


MALFORMED: Final = row(
    422, "malformed-request",
    ("읽을 수 없는 요청이에요", "errors에 적힌 값을 고쳐 다시 보내 주세요."),
    ("The request cannot be read", "Correct the values listed under errors and ask again."),
)  # fmt: skip
NOT_FOUND: Final = row(
    404, "not-found",
    ("여기에는 아무것도 없어요", "주소를 확인해 주세요. /api/v1/openapi.json에 모두 있어요."),
    ("There is nothing here", "Check the address. /api/v1/openapi.json lists them all."),
)  # fmt: skip
WRONG_METHOD: Final = row(
    405, "method-not-allowed",
    ("여기서는 할 수 없는 요청이에요", "이 주소에서 할 수 있는 것은 Allow 헤더에 있어요."),
    ("This cannot be done here", "The Allow header says what can be done at this address."),
    allow="GET, HEAD",
)  # fmt: skip
TOO_LARGE: Final = row(
    413, "content-too-large",
    ("보낸 내용이 너무 커요", "나누어 보내거나 짧게 줄여 다시 보내 주세요."),
    ("Too much was sent", "Send less, or in parts."),
    connection="close",
)  # fmt: skip
LONG_ADDRESS: Final = row(
    414, "address-too-long",
    ("주소가 너무 길어요", "주소를 8 KiB보다 짧게 해서 다시 요청해 주세요."),
    ("The address is too long", "Ask again with an address below 8 KiB."),
    connection="close",
)  # fmt: skip
WRONG_HOST: Final = row(
    421, "unknown-host",
    ("이 이름으로는 답하지 않아요", "관리자가 HUB_TRUSTED_HOSTS에 이 이름을 넣어야 해요."),
    ("This name is not answered to", "An administrator must add it to HUB_TRUSTED_HOSTS."),
)  # fmt: skip
UNREADABLE: Final = row(
    400, "unreadable-body",
    ("보낸 내용을 읽을 수 없어요", "UTF-8로 쓴 JSON으로 다시 보내 주세요."),
    ("What was sent cannot be read", "Send JSON in UTF-8."),
)  # fmt: skip
OTHER: Final = row(
    400, "bad-request",
    ("처리할 수 없는 요청이에요", "요청을 확인해 주세요."),
    ("The request cannot be handled", "Check the request."),
)  # fmt: skip
BROKEN: Final = row(
    500, "internal-error",
    ("서버에서 문제가 생겼어요",
     "잠시 뒤 다시 해 주세요. 계속되면 관리자에게 시각과 주소를 알려 주세요."),
    ("Something broke on the server",
     "Try again in a moment. If it stays, tell the administrator the time and the address."),
)  # fmt: skip
AWAY: Final = row(
    503, "database-away",
    ("지금은 값을 읽을 수 없어요", "데이터베이스가 답하지 않아요. 돌아오면 저절로 다시 보여요."),
    ("Nothing can be read right now",
     "The database does not answer. It will be shown again when it is back."),
    retry_after=str(RETRY_AFTER_S),
)  # fmt: skip
FULL: Final = row(
    503, "too-many-streams",
    ("실시간 연결이 가득 찼어요",
     "잠시 뒤 다시 연결하거나 /api/v1/density를 몇 초마다 읽어 주세요."),
    ("All live streams are taken",
     "Connect again in a moment, or read /api/v1/density every few seconds."),
    retry_after=str(RETRY_AFTER_S),
)  # fmt: skip


class TooManyStreams(Exception):
    """This process holds as many open streams as `HUB_STREAM_CLIENTS_MAX` allows."""


class MalformedSite(Exception):
    """`?site=` is not an id: 1-32 of a-z, 0-9 and `-`."""


PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    **automation.PROBLEMS,
    **density.PROBLEMS,
    **devices.PROBLEMS,
    **document.PROBLEMS,
    **identity.PROBLEMS,
    **rules.PROBLEMS,
    **tripproof.PROBLEMS,
    SheetUnreadable: row(
        422, "sheet-unreadable",
        ("표를 읽지 못했어요", "{says}"),
        ("No table can be read from it", "{says}"),
    ),
    TooManyStreams: FULL,
    RequestValidationError: MALFORMED,
    MalformedSite: MALFORMED,
    **dict.fromkeys(db.AWAY, AWAY),
}  # fmt: skip
BY_STATUS: Final = {
    400: UNREADABLE,
    404: NOT_FOUND,
    405: WRONG_METHOD,
    413: TOO_LARGE,
    500: BROKEN,
    503: AWAY,
}
# pydantic's kinds of error, in Korean; what is not here stays English
SAID_KO: Final = {
    "missing": "꼭 있어야 해요.",
    "string_pattern_mismatch": "쓸 수 없는 글자가 있어요.",
    "timezone_aware": "시간대가 있어야 해요. 예: 2026-11-02T12:00:00+09:00",
    "datetime_from_date_parsing": "날짜와 시각이 아니에요. 예: 2026-11-02T12:00:00+09:00",
    "datetime_parsing": "날짜와 시각이 아니에요. 예: 2026-11-02T12:00:00+09:00",
    "date_from_datetime_parsing": "날짜가 아니에요. 예: 2026-11-02",
    "date_parsing": "날짜가 아니에요. 예: 2026-11-02",
    "time_parsing": "시각이 아니에요. 예: 14:30",
    "int_parsing": "수가 아니에요.",
    "int_from_float": "소수점이 없는 수여야 해요.",
    "decimal_parsing": "수가 아니에요.",
    "decimal_max_places": "소수점 아래는 {decimal_places}자리까지예요.",
    "decimal_max_digits": "{max_digits}자리까지 적을 수 있어요.",
    "string_too_short": "{min_length}글자부터 적을 수 있어요.",
    "string_too_long": "{max_length}글자까지 적을 수 있어요.",
    "greater_than": "{gt}보다 커야 해요.",
    "greater_than_equal": "{ge}보다 작을 수 없어요.",
    "less_than_equal": "{le}보다 클 수 없어요.",
    "too_short": "적어도 {min_length}개가 있어야 해요.",
    "too_long": "{max_length}개까지 적을 수 있어요.",
    "enum": "정해진 값 가운데 하나여야 해요: {expected}",
    "extra_forbidden": "여기에는 없는 항목이에요.",
    "literal_error": "정해진 값 가운데 하나여야 해요: {expected}",
    "value_error": "2000년과 2100년 사이여야 해요.",
}

ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
SAID_OF_DAYS_KO: Final = {
    "greater_than_equal": "{ge.year}. {ge.month}. {ge.day}.부터 적을 수 있어요.",
    "less_than_equal": "{le.year}. {le.month}. {le.day}.까지 적을 수 있어요.",
}


def kind_of(error: Exception) -> Kind:
    """The row of the table for an error, looked up by its class and then its parents."""
    if isinstance(error, HTTPException):
        return BY_STATUS.get(error.status_code, OTHER)
    return next((PROBLEMS[c] for c in type(error).__mro__ if c in PROBLEMS), BROKEN)


async def answer(request: Request, error: Exception) -> Response:
    """The exception handler of the application."""
    kind = kind_of(error)
    if kind is BROKEN:
        log.error("request failed", exc_info=error, extra={"path": request.url.path})
    elif kind is AWAY:
        DATABASE.away(error)
    lang = language(request.headers.get("accept-language", ""))
    headers = {k.lower(): v for k, v in (getattr(error, "headers", None) or {}).items()}
    return response(kind, request.url.path, lang, vars_of(error), _wrong(error, lang), headers)


def response(
    kind: Kind,
    path: str,
    lang: Lang,
    fields: Mapping[str, Any] | None = None,
    wrong: Sequence[WrongField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response."""
    problem = Problem(
        type=URN + kind.slug,
        title=kind.title[lang],
        status=kind.status,
        detail=kind.detail[lang].format_map(fields or {}),
        instance=path,
        errors=list(wrong) if wrong is not None else None,
    )
    return Response(
        json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=False).encode(
            errors="replace"
        ),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={
            **(headers or {}),
            **kind.headers,
            "Cache-Control": "no-store",
            "Content-Language": lang,
            "Vary": "Accept-Language",
        },
    )


def vars_of(error: Exception) -> dict[str, Any]:
    """The fields an error of ours carries."""
    return {k: v for k, v in getattr(error, "__dict__", {}).items() if not k.startswith("_")}


def language(accept_language: str) -> Lang:
    """Korean, unless English is preferred to it."""
    weight: dict[str, float] = {}
    for part in accept_language.split(","):
        tag, _, q = part.strip().partition(";q=")
        primary = tag.split("-")[0].strip().lower()
        weight[primary] = max(weight.get(primary, 0.0), _quality(q))
    return "en" if weight.get("en", 0.0) > weight.get("ko", 0.0) else "ko"


def _quality(q: str) -> float:
    try:
        return float(q) if q else 1.0
    except ValueError:
        return 0.0


def _wrong(error: Exception, lang: Lang) -> list[WrongField] | None:
    if isinstance(error, MalformedSite):
        detail = SAID_KO["string_pattern_mismatch"] if lang == "ko" else str(MalformedSite.__doc__)
        return [WrongField(where="query", name="site", detail=detail)]
    if isinstance(error, NotPossible):
        return [_in_body(error.place, error.says)]
    if isinstance(error, DayNotKnown):
        return [_in_body(error.place, kind_of(error).detail[lang].format_map(vars_of(error)))]
    if not isinstance(error, RequestValidationError):
        return None
    return [_wrong_field(e, lang) for e in innermost(error.errors())]


def _wrong_field(error: Mapping[str, Any], lang: Lang) -> WrongField:
    where, *place = error["loc"]
    detail = _said_ko(error) if lang == "ko" else error["msg"]
    if where == "body" and error["type"] != "json_invalid":  # of which the place is a letter
        return _in_body(place, detail)
    return WrongField(where=where, name=str(place[0]) if place else "", detail=detail)


def _said_ko(error: Mapping[str, Any]) -> str:
    bounds = {name: _bound(one) for name, one in (error.get("ctx") or {}).items()}
    is_day = any(isinstance(one, date) for one in bounds.values())
    said = {**SAID_KO, **(SAID_OF_DAYS_KO if is_day else {})}.get(error["type"])
    return said.format_map({"expected": "", **bounds}) if said else error["msg"]


def _bound(told: Any) -> Any:
    """Pydantic tells the bounds of a day as text."""
    is_day = isinstance(told, str) and ISO_DAY.fullmatch(told)
    return date.fromisoformat(told) if is_day else told


def _in_body(place: Sequence[str | int], detail: str) -> WrongField:
    """With its JSON pointer (RFC 6901), as RFC 9457 shows it."""
    parts = [str(part) for part in place]
    name = parts[0] if parts else ""
    pointer = "/".join(["#", *map(_escaped, parts)])
    return WrongField(where="body", name=name, detail=detail, pointer=pointer)


def _escaped(part: str) -> str:
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="", errors="replace")
