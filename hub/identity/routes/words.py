"""What the routes of people share: the connection, who acts from where, and checked words."""

from typing import Annotated, Any, Final

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hub.identity.store import audit as trail
from hub.kit import clock, db

NO_STORE: Final = {"Cache-Control": "no-store"}
Answers = dict[int | str, dict[str, Any]]
UNKNOWN: Final[Answers] = {404: {"description": "No such one."}}
CONFLICT: Final[Answers] = {409: {"description": "It does not fit what is there."}}
LOCKED: Final[Answers] = {
    401: {"description": "The name or the password is wrong."},
    429: {"description": "Too many wrong passwords: wait."},
}


def _one_line(text: str) -> str:
    if any(not c.isprintable() for c in text):
        raise ValueError("only letters, digits, signs and spaces on one line")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
Name = Annotated[Line, Field(min_length=1, max_length=80)]
Text = Annotated[Line, Field(max_length=400)]


class Given(BaseModel):
    """A body: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Seen(BaseModel):
    """An answer that is read from a row."""

    model_config = ConfigDict(from_attributes=True)


def connection(request: Request) -> Any:
    """One connection and transaction: committed at the end, rolled back where something raises."""
    pool: db.Pool = request.app.state.pool
    return pool.connection()


def address_of(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else ""


async def write_down(
    conn: Any,
    request: Request,
    actor: str,
    action: str,
    subject: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """One act for the audit trail, in the transaction of the act itself."""
    await trail.append(
        conn, at=clock.now(), actor=actor, action=action, subject=subject,
        address=address_of(request), detail=detail,
    )  # fmt: skip
