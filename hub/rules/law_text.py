"""The text of a law as a file gives it: its dates, and its articles by number.

The files are those of the public collections of Korean law in Markdown: a YAML head (제목,
공포일자, 시행일자, 출처), then one heading per article. Texts stay as they are, never told as ours.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml

MOST_BYTES: Final = 1_000_000
ARTICLES_MOST: Final = 2_000
_HEAD: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_ARTICLE: Final = re.compile(r"^#{2,6} (제\d+조(?:의\d+)?)[ \t]*(?:\((.*)\))?[ \t]*$", re.MULTILINE)
_LATER: Final = re.compile(r"^## 부칙", re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\([.\-*_\[\]()#+!~>`|])")


class LawUnreadable(Exception):
    """The file is no law text in the form that is known here."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article: its heading (what it is about) and its words."""

    number: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class LawText:
    """A law as it holds from `since` on."""

    title: str
    promulgated: date | None
    since: date
    source: str
    articles: tuple[ArticleText, ...]

    def article(self, number: str) -> ArticleText | None:
        """The article of this number (제7조의2)."""
        return next((one for one in self.articles if one.number == number), None)


def read(encoded: bytes) -> LawText:
    """Read one file. Raises LawUnreadable, in words for whoever loads it."""
    if len(encoded) > MOST_BYTES:
        raise LawUnreadable(f"파일이 너무 큽니다. {MOST_BYTES // 1000} kB까지 읽습니다.")
    try:
        text = encoded.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise LawUnreadable("UTF-8로 쓴 글이 아닙니다.") from error
    if "\0" in text:
        raise LawUnreadable("글이 아닌 것이 섞여 있습니다.")
    head = _HEAD.match(text)
    if head is None:
        raise LawUnreadable("머리(제목, 시행일자)가 없습니다. 법령 Markdown 파일인지 보십시오.")
    told = _told(head.group(1))
    articles = _articles(text[head.end() :])
    if not articles:
        raise LawUnreadable("조문이 하나도 없습니다.")
    return LawText(
        _words(told.get("제목")), _day(told.get("공포일자")), _since(told),
        str(told.get("출처") or "")[:300], articles,
    )  # fmt: skip


def _told(head: str) -> dict[str, Any]:
    try:
        told = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LawUnreadable("머리를 읽을 수 없습니다.") from error
    if not isinstance(told, dict):
        raise LawUnreadable("머리를 읽을 수 없습니다.")
    return told


def _words(told: Any) -> str:
    if not isinstance(told, str) or not 1 <= len(told.strip()) <= 200:
        raise LawUnreadable("머리에 제목이 없습니다.")
    return told.strip()


def _since(told: dict[str, Any]) -> date:
    since = _day(told.get("시행일자"))
    if since is None:
        raise LawUnreadable(
            "머리에 시행일자가 없습니다. 언제부터의 글인지 알 수 없으면 싣지 않습니다."
        )
    return since


def _day(told: Any) -> date | None:
    if type(told) is date:
        return told
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return None


def _articles(body: str) -> tuple[ArticleText, ...]:
    """Those of the law itself. The 부칙 after it have articles of the same numbers: not these."""
    later = _LATER.search(body)
    body = body[: later.start()] if later else body
    found = list(_ARTICLE.finditer(body))[:ARTICLES_MOST]
    ends = [*(one.start() for one in found[1:]), len(body)]
    read: dict[str, ArticleText] = {}
    for one, end in zip(found, ends, strict=False):
        words = _plain(body[one.end() : end])
        read.setdefault(one.group(1), ArticleText(one.group(1), one.group(2) or "", words))
    return tuple(read.values())


def _plain(text: str) -> str:
    """Without Markdown's marks, pictures and empty lines in a row."""
    text = re.sub(r"</?img[^>]*>", "", text).replace("**", "")
    lines = [_ESCAPED.sub(r"\1", line).rstrip() for line in text.splitlines()]
    return re.sub(r"\n\s*\n+", "\n", "\n".join(lines)).strip()
