"""The answers of the open API of the Ministry of Government Legislation (법제처), as laws. Pure.

A field may be one thing or a list of them, text may be a list of lists, and refusals come with
status 200 and a `result`: what was seen by others who call it is written down in docs/law-texts.md.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hub.rules.law_text import ARTICLES_MOST, ArticleText, LawText
from hub.rules.rule import Article

VERSIONS_MOST: Final = 20
WORDS_MOST: Final = 200_000
_BELOW: Final = (("항", "항내용", ""), ("호", "호내용", "  "), ("목", "목내용", "    "))
_DEEP_MOST: Final = 8


class LawNotFetched(Exception):
    """The law could not be had from the API. The message says why, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the list of versions: what to ask for its text."""

    title: str
    mst: str
    since: date


def versions(answer: Any, title: str) -> list[Version]:
    """The versions of exactly this law, the oldest first. Raises LawNotFetched."""
    _not_refused(answer)
    found = answer.get("LawSearch") if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        raise LawNotFetched("목록이 아닌 답이 왔습니다. 주소(HUB_LAW_URL)를 보십시오.")
    wanted = _plain(title)
    inner = [one for one in _list(found.get("law")) if isinstance(one, dict)]
    same = [one for one in inner if _plain(_word(one.get("법령명한글"))) == wanted]
    if not same:
        raise LawNotFetched(f"「{title}」이라는 법령이 목록에 없습니다. 정식 이름인지 보십시오.")
    told = {version for one in same if (version := _version(one))}
    if not told:
        raise LawNotFetched(f"「{title}」의 목록에 일련번호나 시행일자가 없습니다.")
    return sorted(told, key=lambda one: one.since)[-VERSIONS_MOST:]


def law(answer: Any, asked: Version) -> LawText:
    """The text of one version. Raises LawNotFetched where it is another's, or none."""
    _not_refused(answer)
    told = answer.get("법령") if isinstance(answer, dict) else None
    if not isinstance(told, dict):
        raise LawNotFetched(f"「{asked.title}」의 본문이 아닌 답이 왔습니다.")
    about = told.get("기본정보")
    about = about if isinstance(about, dict) else {}
    _of_whom_was_asked(about, asked)
    articles: dict[str, ArticleText] = {}
    for one in _articles(told):
        articles.setdefault(one.number, one)
    if not articles:
        raise LawNotFetched(f"「{asked.title}」의 답에 조문이 하나도 없습니다.")
    source = Article(asked.title, "").address
    return LawText(
        asked.title, _day(about.get("공포일자")), asked.since, source, tuple(articles.values())
    )


def _not_refused(answer: Any) -> None:
    if isinstance(answer, dict) and "result" in answer:
        said = _word(answer["result"]) or _word(answer.get("msg"))
        raise LawNotFetched(f"법제처가 거절했습니다: {said[:200]} 열쇠(HUB_LAW_KEY)를 보십시오.")


def _of_whom_was_asked(about: Mapping[str, Any], asked: Version) -> None:
    title = _word(about.get("법령명_한글")) or _word(about.get("법령명한글"))
    if _plain(title) != _plain(asked.title):
        raise LawNotFetched(f"「{asked.title}」을 물었는데 「{title[:100]}」이 왔습니다.")
    if _day(about.get("시행일자")) != asked.since:
        raise LawNotFetched(f"「{asked.title}」의 {asked.since} 시행본이 아닌 글이 왔습니다.")


def _version(one: Mapping[str, Any]) -> Version | None:
    mst, since = _word(one.get("법령일련번호")), _day(one.get("시행일자"))
    if since is None or not re.fullmatch(r"[0-9]{1,12}", mst):
        return None
    return Version(_word(one.get("법령명한글")), mst, since)


def _articles(told: Mapping[str, Any]) -> Iterator[ArticleText]:
    inner = told.get("조문")
    units = _list(inner.get("조문단위")) if isinstance(inner, dict) else []
    for unit in units[:ARTICLES_MOST]:
        # 전문 is the heading of a chapter
        if isinstance(unit, dict) and _word(unit.get("조문여부")) != "전문":
            article = _article(unit)
            if article is not None:
                yield article


def _article(unit: Mapping[str, Any]) -> ArticleText | None:
    number, branch = _word(unit.get("조문번호")), _word(unit.get("조문가지번호"))
    if not re.fullmatch(r"[0-9]{1,5}", number) or not re.fullmatch(r"[0-9]{0,5}", branch):
        return None
    name = f"제{int(number)}조" + (f"의{int(branch)}" if branch and int(branch) else "")
    heading = _word(unit.get("조문제목"))
    opening = "\n".join(_lines(unit.get("조문내용")))
    opening = re.sub(rf"^{name}\s*", "", opening)
    opening = opening.removeprefix(f"({heading})").strip() if heading else opening.strip()
    lines = [*filter(None, [opening]), *_below(unit, 0)]
    words = "\n".join(lines)
    return ArticleText(name, heading, words[:WORDS_MOST]) if words else None


def _below(node: Mapping[str, Any], deep: int) -> Iterator[str]:
    """Paragraphs, items and sub-items, in the form of the files."""
    if deep > _DEEP_MOST:
        return
    for name, words, indent in _BELOW:
        for child in _list(node.get(name)):
            told = child.get(words) if isinstance(child, dict) else child
            yield from (indent + line for line in _lines(told))
            if isinstance(child, dict):
                yield from _below(child, deep + 1)


def _lines(told: Any, deep: int = 0) -> list[str]:
    if isinstance(told, list) and deep <= _DEEP_MOST:
        return [line for one in told for line in _lines(one, deep + 1)]
    return [line.strip() for line in _word(told).splitlines() if line.strip()]


def _list(told: Any) -> list[Any]:
    """One thing comes as itself, several as a list, none as nothing."""
    if told is None or told == "":
        return []
    return told if isinstance(told, list) else [told]


def _word(told: Any) -> str:
    if isinstance(told, int) and not isinstance(told, bool):
        return str(told)
    if not isinstance(told, str):
        return ""
    # half a character or a NUL is no text, and no database takes it
    return told.encode(errors="ignore").decode().replace("\0", "").strip()


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("·", "ㆍ")


def _day(told: Any) -> date | None:
    text = _word(told)
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
