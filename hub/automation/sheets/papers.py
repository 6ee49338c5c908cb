"""Papers that a sheet is filled in for: drawn case by case, given back beside it in one file."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from hub.automation.question import OfficeRules, Question
from hub.document import hwpx, model
from hub.kit.clock import SEOUL

PACKED: Final = "application/zip"
_NAME_MOST_CHARS: Final = 60
_NO_NAME: Final = frozenset('\\/:*?"<>|')
"""What Windows takes in no name of a file."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `named`: whose and of what; `dated`: the day it bears."""

    named: str
    dated: date
    document: model.Document


@dataclass(frozen=True, slots=True)
class Papered(Question):
    """A question whose every case also has papers."""

    papers: Callable[[OfficeRules, Any], Sequence[Paper]]


class Bag:
    """Papers on their way into one file: HWPX, numbered by the line of the sheet they stand for."""

    def __init__(self, question: Papered, office: OfficeRules) -> None:
        self._question = question
        self._office = office
        self._out = io.BytesIO()
        self._zip = zipfile.ZipFile(self._out, "w")  # HWPX is packed already

    def put(self, line: int, asked: Any) -> list[str]:
        """Draw the papers of a case. Returns their names. Raises NotPossible: then none is in."""
        papers = self._question.papers(self._office, asked)
        bodies = [(_file_name(line, nth, one), _drawn(one)) for nth, one in enumerate(papers, 1)]
        for name, body in bodies:
            self._zip.writestr(name, body)
        return [name for name, _ in bodies]

    def closed(self, name: str, workbook: bytes) -> bytes:
        """All of them, and the workbook."""
        self._zip.writestr(name, workbook)
        self._zip.close()
        return self._out.getvalue()


def _drawn(paper: Paper) -> bytes:
    return hwpx.drawn(paper.document, datetime.combine(paper.dated, time(), SEOUL))


def _file_name(line: int, nth: int, paper: Paper) -> str:
    """`0002-1 여비정산 신청서 김가.hwpx`: no two of a sheet are alike."""
    words = f"{line:04d}-{nth} {paper.document.title} {paper.named}"
    kept = "".join("_" if one in _NO_NAME else one for one in unicodedata.normalize("NFC", words))
    return f"{kept[:_NAME_MOST_CHARS].rstrip(' .')}.hwpx"
