"""Questions and answers as files, for an office whose network has no internet. Pure.

Somebody carries the numbers out (망간 자료전송), asks there, and carries the answer in. The check
value finds a file that was cut, saved again by a spreadsheet or mixed up with another; it is no
signature, so whoever carries the files is trusted as a colleague who types is.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from hub.automation import business_number
from hub.automation.business_number import BusinessNumber, NotANumber
from hub.automation.vendors.told import Facts, Named, Source, Standing, State, Told, Trouble

QUESTION_MARK: Final = "청사 사업자번호 물음"
ANSWER_MARK: Final = "청사 사업자번호 답"
CHECK_MARK: Final = "확인값"
EDITION: Final = "1"
FILE_MOST_BYTES: Final = 1024 * 1024
KEPT_DAYS: Final = 90
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_HEADING: Final = (
    "사업자등록번호", "출처", "물은 때", "못 들은 까닭", "상태", "과세유형코드", "과세유형",
    "폐업일", "과세유형전환일", "직전과세유형", "세금계산서적용일", "단위과세전환폐업", "상호",
    "주소", "개업일", "운영상태", "일치",
)  # fmt: skip


class FileRefused(Exception):
    """A file that was carried is not taken. `says`: why and what to do, in Korean."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


NOT_OURS: Final = "사업자번호 조회에 쓰는 파일이 아닙니다. 내려받은 파일을 그대로 넣으십시오."
OTHER_EDITION: Final = "다른 판의 청사가 만든 파일입니다. 두 쪽의 판을 맞추십시오."
DAMAGED: Final = (
    "옮기는 동안 바뀌었거나 잘렸습니다. 엑셀로 열어 저장해도 바뀝니다. 처음 파일을 다시 넣으십시오."
)
OTHER_NUMBERS: Final = "물은 번호와 답한 번호가 다릅니다. 다른 답 파일과 바뀌었는지 보십시오."
UNKNOWN: Final = (
    "여기서 만든 물음의 답이 아닙니다. 다른 기관의 것이거나 90일이 지났습니다. 다시 물으십시오."
)
FROM_THE_FUTURE: Final = "답한 때가 지금보다 뒤입니다. 인터넷 PC의 시계를 맞추고 다시 물으십시오."


@dataclass(frozen=True, slots=True)
class Question:
    """Numbers that are carried out."""

    question_id: UUID
    numbers: tuple[BusinessNumber, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of them, carried in."""

    question_id: UUID
    told: Mapping[str, list[Told]]


def digest(numbers: Iterable[str]) -> bytes:
    """SHA-256 over the different numbers, in order."""
    return hashlib.sha256("\n".join(sorted(set(numbers))).encode()).digest()


def question_file(question: Question) -> bytes:
    """A CSV with one number a line, that people can read before they let it out."""
    rows = [[one.written] for one in question.numbers]
    return _file(QUESTION_MARK, question.question_id, [["사업자등록번호"], *rows])


def read_question(body: bytes) -> Question:
    """Raises FileRefused."""
    question_id, rows = _read(body, QUESTION_MARK)
    try:
        return Question(question_id, tuple(business_number.read(row[0]) for row in rows[1:]))
    except (NotANumber, IndexError) as error:
        raise FileRefused(DAMAGED) from error


def answer_file(answer: Answer) -> bytes:
    """A CSV with one line for each number and source, and a check value at its end."""
    rows = [_cells(number, one) for number, told in answer.told.items() for one in told]
    return _file(ANSWER_MARK, answer.question_id, [list(_HEADING), *rows])


def read_answer(body: bytes, now: datetime) -> Answer:
    """Raises FileRefused."""
    question_id, rows = _read(body, ANSWER_MARK)
    said: dict[str, list[Told]] = {}
    try:
        for row in rows[1:]:
            number, one = _told(row)
            said.setdefault(number, []).append(one)
    except (ValueError, NotANumber) as error:  # of a day, a moment, a word or the count of cells
        raise FileRefused(DAMAGED) from error
    if any(one.at and one.at > now for told in said.values() for one in told):
        raise FileRefused(FROM_THE_FUTURE)
    return Answer(question_id, said)


def fit(answer: Answer, digest_asked: bytes | None) -> None:
    """Raise FileRefused where the answer is not one to this office's question."""
    if digest_asked is None:
        raise FileRefused(UNKNOWN)
    if digest(answer.told) != digest_asked:
        raise FileRefused(OTHER_NUMBERS)


def _file(mark: str, question_id: UUID, rows: Sequence[Sequence[str]]) -> bytes:
    """With a byte order mark, by which a spreadsheet knows UTF-8."""
    text = "".join(_line(row) for row in [[mark, EDITION, str(question_id)], *rows])
    return f"\ufeff{text}{CHECK_MARK},{_check(text)}\r\n".encode()


def _read(body: bytes, mark: str) -> tuple[UUID, list[list[str]]]:
    """The rows behind the first, whole and unchanged. Raises FileRefused."""
    text = body.decode("utf-8-sig", errors="replace")  # what is replaced fails the check
    first = text.partition("\n")[0].strip().split(",")
    if first[0].strip('"') != mark:
        raise FileRefused(NOT_OURS)
    if len(first) < 2 or first[1] != EDITION:
        raise FileRefused(OTHER_EDITION)
    told, found, check = text.rstrip().rpartition(f"{CHECK_MARK},")
    if not found or check.strip() != _check(told):
        raise FileRefused(DAMAGED)
    try:
        rows = [
            [_plain(cell) for cell in row]
            for row in csv.reader(io.StringIO(told, newline=""), strict=True)
        ]
        return UUID(rows[0][2]), rows[1:]
    except (csv.Error, ValueError, IndexError) as error:
        raise FileRefused(DAMAGED) from error


def _check(text: str) -> str:
    """Over the lines; how they end may change on the way."""
    return hashlib.sha256(text.replace("\r\n", "\n").replace("\r", "\n").encode()).hexdigest()


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in cells])
    return written.getvalue()


def _plain(cell: str) -> str:
    return cell.removeprefix("'")


def _cells(number: str, told: Told) -> list[str]:
    at = told.at.isoformat() if told.at else ""
    written = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    return [written, told.source.value, at, (told.trouble or ""), *_facts(told.facts)]


def _facts(facts: Facts | None) -> list[str]:
    match facts:
        case Standing() as one:
            days = (one.ended_on, one.tax_changed_on, one.invoices_since)
            ended, changed, since = (day.isoformat() if day else "" for day in days)
            unit = "Y" if one.is_unit_closure else ""
            return [one.state, one.tax_code, one.tax_words, ended, changed, one.former_tax_words,
                    since, unit, "", "", "", "", ""]  # fmt: skip
        case Named() as one:
            opened = one.opened_on.isoformat() if one.opened_on else ""
            return [""] * 8 + [one.name, one.address, opened, one.state_words, ""]
        case bool(agrees):
            return [""] * 12 + ["Y" if agrees else "N"]
        case None:
            return [""] * 13


def _told(row: Sequence[str]) -> tuple[str, Told]:
    """Raises ValueError, NotANumber."""
    number, source, at, trouble, *facts = row
    if len(facts) != len(_HEADING) - 4:
        raise ValueError(len(facts))
    moment = datetime.fromisoformat(at) if at else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(at)
    why = Trouble(trouble) if trouble else None
    told = Told(Source(source), moment, None if why else _read_facts(Source(source), facts), why)
    return business_number.read(number).digits, told


def _read_facts(source: Source, cells: Sequence[str]) -> Facts | None:
    if not any(cells):
        return None
    if source is Source.STATUS:
        state, code, words, ended, changed, former, since, unit = cells[:8]
        return Standing(
            State(state), code, words, _day(ended), _day(changed), former, _day(since), unit == "Y"
        )
    if source is Source.VALIDITY:
        return {"Y": True, "N": False}[cells[12]] if cells[12] in ("Y", "N") else _bad(cells[12])
    name, address, opened, state = cells[8:12]
    return Named(name, address, _day(opened), state)


def _bad(cell: Any) -> bool:
    raise ValueError(cell)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
