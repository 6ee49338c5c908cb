"""Budget codes (통계목) of a fiscal year, and which fits what somebody wants to pay. Pure.

An office's own table goes before the default, which public sources have and nobody here has seen
in its annex. A year for which there is neither is said to be unknown.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

FOUND_MOST: Final = 20
LIKE_LEAST: Final = 0.3
"""A slip in the midst of five letters leaves two pairs of six."""
_SEPARATORS: Final = str.maketrans(dict.fromkeys("·ㆍ・,./()[]-_", " "))
_ENDS: Final = ("을", "를", "은", "는", "의", "로", "에", "이", "가")


class UnknownBudgetVersion(LookupError):
    """There is no such version of this year's table."""

    def __init__(self, year: int, version: int) -> None:
        super().__init__(year, version)
        self.year = year
        self.version = version


class BudgetSuperseded(Exception):
    """Somebody else saved this year's table meanwhile."""

    def __init__(self, year: int, version: int) -> None:
        super().__init__(year, version)
        self.year = year
        self.version = version


@dataclass(frozen=True, slots=True)
class BudgetCode:
    """One 통계목: `201-01`, in its 편성목."""

    code: str
    name: str
    section: str = ""
    says: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """What public sources say of one year."""

    codes: tuple[BudgetCode, ...]
    changes: tuple[str, ...]
    """What differs from the year before."""


@cache
def defaults() -> Mapping[int, Default]:
    """The default tables by fiscal year."""
    text = files("hub.rules").joinpath("budget_codes.toml").read_text(encoding="utf-8")
    years = tomllib.loads(text)["years"]
    return {int(year): _default(told, years) for year, told in years.items()}


def _default(told: Mapping[str, Any], years: Mapping[str, Any]) -> Default:
    base = years[str(told["like"])] if "like" in told else {}
    sections = {**base.get("sections", {}), **told.get("sections", {})}
    gone = told.get("gone", ())  # a number that is free may be given to something else at once
    before = {code: one for code, one in base.get("codes", {}).items() if code not in gone}
    kept = {**before, **told.get("codes", {})}
    return Default(
        tuple(
            BudgetCode(
                code, one["name"], sections[code[:3]], one.get("says", ""),
                tuple(one.get("words", ())),
            )
            for code, one in sorted(kept.items())
        ),
        tuple(told.get("changes", ())),
    )  # fmt: skip


def with_words(codes: Iterable[BudgetCode], year: int) -> tuple[BudgetCode, ...]:
    """An office's own codes, found also by the words under which the default knows them.

    Only where both call the code the same: a number may mean something else another year.
    """
    known = {one.code: one for one in (defaults()[year].codes if year in defaults() else ())}
    return tuple(_with_words(one, known.get(one.code)) for one in codes)


def _with_words(one: BudgetCode, known: BudgetCode | None) -> BudgetCode:
    if known is None or _plain(known.name) != _plain(one.name):
        return one
    words = dict.fromkeys((*one.words, *known.words))
    return BudgetCode(one.code, one.name, one.section or known.section, one.says, tuple(words))


def find(codes: Sequence[BudgetCode], words: str) -> list[BudgetCode]:
    """Those that fit what somebody typed, the best first; all, in order, where nothing was."""
    asked = _tokens(words)
    if not asked:
        return list(codes)
    scored = [(sum(_fit(one, token) for token in asked), one) for one in codes]
    best = max((score for score, _ in scored), default=0.0)
    fit = [(score, one) for score, one in scored if score > 0 and score >= best / 3]
    return [one for _, one in sorted(fit, key=lambda pair: (-pair[0], pair[1].code))][:FOUND_MOST]


def _fit(one: BudgetCode, token: str) -> float:
    """How well a code fits one word: by its number, its names, then what is said of it."""
    digits = one.code.replace("-", "")
    if token.isdigit():
        return 8.0 if digits == token else 4.0 if digits.startswith(token) else 0.0
    if any(_plain(word) == token for word in (one.name, *one.words)):
        return 8.0
    fits = (
        (6.0, one.words), (5.0, (one.name,)), (2.0, (one.section,)), (2.0, (one.says,)),
    )  # fmt: skip
    whole = max((points for points, told in fits if _holds(told, token)), default=0.0)
    return whole or 3.0 * max(_likeness(token, name) for name in (one.name, *one.words))


def _holds(told: Iterable[str], token: str) -> bool:
    """Whether one holds the other: 사업장강사료 holds 강사료."""
    plain = [_plain(word) for word in told if word]
    return any(token in word or (len(word) >= 2 and word in token) for word in plain)


def _likeness(token: str, name: str) -> float:
    """Shared pairs of letters: one slip of the finger in a long name is forgiven."""
    ours, theirs = _pairs(token), _pairs(_plain(name))
    shared = len(ours & theirs) / max(len(ours | theirs), 1)
    return shared if shared >= LIKE_LEAST else 0.0


def _pairs(word: str) -> frozenset[str]:
    return frozenset(word[n : n + 2] for n in range(len(word) - 1))


def _tokens(words: str) -> list[str]:
    plain = unicodedata.normalize("NFC", words).lower()
    joined = plain.replace("-", "") if plain.replace("-", "").strip().isdigit() else plain
    return [_bare(token) for token in joined.translate(_SEPARATORS).split()][:8]


def _bare(token: str) -> str:
    """Without one particle at its end, of words that are long enough to have one."""
    return token[:-1] if len(token) >= 4 and token.endswith(_ENDS) else token


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFC", word).lower().translate(_SEPARATORS).split())
