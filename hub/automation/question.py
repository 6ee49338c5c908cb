"""A question of an official: what it takes, in words and bounds, and what answers it.

From one `Question` come the form of its page, its address in the API and the columns of its sheet,
so none of them can take what another refuses.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from hub.automation.answer import Answer, Place
from hub.rules.book import RuleBook
from hub.rules.rule import OutsideTable

Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2099, 12, 31))]
YEAR: Final = "년"
"""The unit of a field that takes a year."""


class Group(StrEnum):
    """Under which heading a question stands."""

    ACCOUNTING = "회계"
    ATTENDANCE = "복무"
    TRAVEL = "출장"
    LETTERS = "공문서"


class Kind(StrEnum):
    """What is typed into a field."""

    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    YES = "yes"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a field is asked for. `unit`: 원, 일 …; `choices`: the words of an enum's values."""

    title: str
    hint: str = ""
    unit: str = ""
    choices: Mapping[Any, str] | None = None
    today: bool = False
    """A form begins with the day on which it is opened."""
    lines: bool = False
    """A text that is taken as it stands, with its line breaks and signs."""


class Questioned(BaseModel):
    """What a question takes: every field carries an `Asked`. What it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field as a form or a sheet needs it."""

    name: str
    kind: Kind
    asked: Asked
    is_required: bool
    default: Any
    least: Any
    most: Any
    fields: tuple["AskedField", ...] = ()
    """Of a list: what each of its lines takes."""


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """What an office's answers rest on: its rules, and its own holidays."""

    book: RuleBook
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `name` is its address, `says` what comes out, in one sentence."""

    name: str
    group: Group
    title: str
    says: str
    asks: type[Questioned]
    answer: Callable[[OfficeRules, Any], Answer]

    @property
    def fields(self) -> tuple[AskedField, ...]:
        """What it takes, in the order of the form."""
        return fields_of(self.asks)

    def answered(self, office: OfficeRules, asked: Questioned) -> Answer:
        """The answer. Raises NotPossible, DayNotKnown: each knows where it was typed."""
        try:
            return self.answer(office, asked)
        except OutsideTable as error:
            raise DayNotKnown(error, nearest(asked, error.day)) from error


class DayNotKnown(OutsideTable):
    """No rule is known for a day that was typed, or that follows from one."""

    def __init__(self, found: OutsideTable, place: Place) -> None:
        super().__init__(found.rule, found.day)
        self.place = place


def nearest(asked: Questioned, day: date) -> Place:
    """The field that brought this day: the one whose own day or year lies nearest to it."""
    return min(_days(asked), key=lambda one: _apart(day, *one[1:]))[0]


def _days(asked: Questioned, *above: str | int) -> Iterator[tuple[Place, date, date]]:
    """Every day and year that was typed, by its first and its last day."""
    for one in fields_of(type(asked)):
        said, place = getattr(asked, one.name), (*above, one.name)
        if one.kind is Kind.LIST:
            for nth, line in enumerate(said):
                yield from _days(line, *place, nth)
        elif isinstance(said, date):
            yield place, said, said
        elif one.asked.unit == YEAR:
            yield place, date(said, 1, 1), date(said, 12, 31)


def _apart(day: date, first: date, last: date) -> timedelta:
    return max(first - day, day - last, timedelta())


def fields_of(model: type[BaseModel]) -> tuple[AskedField, ...]:
    """The fields of a model, in their order."""
    return tuple(_field(name, info) for name, info in model.model_fields.items())


def _field(name: str, info: FieldInfo) -> AskedField:
    asked = next(one for one in info.metadata if isinstance(one, Asked))
    inner = _inner(info.annotation)
    kind = _kind(inner)
    lines = fields_of(get_args(inner)[0]) if kind is Kind.LIST else ()
    bounds = (_bound(info, "ge"), _bound(info, "le"))
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return AskedField(name, kind, asked, info.is_required(), default, *bounds, lines)


def _inner(annotation: Any) -> Any:
    """`date` of `date | None` and of `Annotated[date, …] | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    return annotation.__origin__ if get_origin(annotation) is Annotated else annotation


_KINDS: Final = (
    (bool, Kind.YES), (StrEnum, Kind.CHOICE), (date, Kind.DATE), (time, Kind.TIME),
    (int, Kind.NUMBER), (Decimal, Kind.NUMBER), (str, Kind.TEXT),
)  # fmt: skip


def _kind(inner: Any) -> Kind:
    if get_origin(inner) is tuple:
        return Kind.LIST
    return next(kind for one, kind in _KINDS if issubclass(inner, one))


def _bound(info: FieldInfo, which: str) -> Any:
    found = (getattr(one, which, None) for one in _all_metadata(info))
    return next((one for one in found if one is not None), None)


def _all_metadata(info: FieldInfo) -> list[Any]:
    """Of the field, and of what stands in an optional's `Annotated`."""
    nested = [
        more
        for one in get_args(info.annotation)
        if get_origin(one) is Annotated
        for more in _flat(one.__metadata__)
    ]
    return [*info.metadata, *nested]


def _flat(metadata: tuple[Any, ...]) -> list[Any]:
    return [
        more for one in metadata for more in (one.metadata if isinstance(one, FieldInfo) else [one])
    ]
