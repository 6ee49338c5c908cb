"""`python -m hub rules`: load texts of the law from files or from the Ministry's open API.

Each load says what was new, changed and unchanged; one that was loaded before writes nothing.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from hub.identity.store import audit as trail
from hub.kit import clock, db
from hub.kit.settings import Settings
from hub.rules import amendments, fetch, law_text
from hub.rules.amendments import Amendment, Amendments
from hub.rules.law_api import LawNotFetched
from hub.rules.law_text import LawText, LawUnreadable
from hub.rules.loading import Loaded
from hub.rules.resting import at
from hub.rules.store import texts
from hub.rules.tables import texts_read

BY: Final = "system"
SHOWN_MOST: Final = 12

Say = Callable[[str], None]


async def run(told: argparse.Namespace, dsn: str, settings: Settings, say: Say) -> int:
    """Do one act; return its exit status. 1: something was left out, 2: nothing could be done."""
    if told.act == "fetch-law":
        return await _fetch(told.titles or list(_laws()), dsn, settings, say)
    return await _load(told.paths, dsn, say)


def _laws() -> Iterator[str]:
    """What the API has by name: every law of the rules but directives."""
    return (one for one in texts_read() if not one.endswith("훈령"))


async def _load(paths: Sequence[Path], dsn: str, say: Say) -> int:
    laws: list[LawText] = []
    lists: list[Amendments] = []
    wrong = 0
    for file, is_named in _files(paths):
        try:
            body = file.read_bytes()
            if amendments.is_list(body):
                lists.append(amendments.read(body))
            elif is_named or body.startswith((b"---", b"\xef\xbb\xbf---")):
                laws.append(law_text.read(body))
        except (LawUnreadable, OSError) as error:
            wrong += 1
            print(f"{file}: {error}", file=sys.stderr)  # noqa: T201
    if not laws and not lists:
        print("실을 법령 글이 없습니다.", file=sys.stderr)  # noqa: T201
        return 2
    async with await db.connect(dsn) as conn:
        for law in sorted(laws, key=lambda one: (one.title, one.since)):
            await _keep(conn, law, say)
        for one in lists:
            await _amend(conn, one, say)
    return 1 if wrong else 0


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Files, and whether each was named itself: in a folder other files may lie about."""
    for path in paths:
        if path.is_dir():
            yield from ((file, False) for file in sorted(path.glob("*.md")))
        else:
            yield path, True


async def _keep(conn: texts.Conn, law: LawText, say: Say, amended_by: str = "") -> None:
    """Store it, say what was new, and write down that something was."""
    now = clock.now()
    done = await texts.keep(conn, law, BY, now, amended_by=amended_by)
    say(_told(done))
    if done.stored:
        told = {"since": f"{law.since}", "new": len(done.new), "changed": len(done.changed)}
        await trail.append(
            conn, at=now, actor=BY, action="law.load", subject=law.title, address="", detail=told
        )


async def _amend(conn: texts.Conn, found: Amendments, say: Say) -> None:
    for change in sorted(found.amendments, key=lambda one: one.since):
        why = await _amend_one(conn, change, say)
        if why:
            say(f"넣지 않음: {change.title} {change.number} {change.paragraph}: {why}")
    for left_out in found.left_out:
        say(f"넣지 않음: {left_out}")


async def _amend_one(conn: texts.Conn, change: Amendment, say: Say) -> str:
    stored = await texts.of_article(conn, change.title, change.number)
    base = at(stored, change.since)
    if base is None:
        return "바탕이 되는 글이 실려 있지 않음"
    if base.since == change.since and not base.amended_by:
        return "그날의 글이 온전히 실려 있음"
    article = law_text.ArticleText(base.number, base.heading, base.words)
    amended = amendments.put_into(article, change)
    if amended is None:
        return "바탕 글에 그런 항이 없음"
    law = LawText(change.title, None, change.since, base.source, (amended,))
    await _keep(conn, law, say, change.act or "개정")
    return ""


async def _fetch(titles: Sequence[str], dsn: str, settings: Settings, say: Say) -> int:
    if settings.law_key is None:
        print("HUB_LAW_KEY가 없습니다. 법령 파일은 load-law로 실을 수 있습니다.", file=sys.stderr)  # noqa: T201
        return 2
    key, failed = settings.law_key.get_secret_value(), 0
    for title in titles:
        try:
            async for law in fetch.texts(settings.law_url, key, title):
                async with await db.connect(dsn) as conn:
                    await _keep(conn, law, say)
        except LawNotFetched as error:
            failed += 1
            print(f"{title}: {error}", file=sys.stderr)  # noqa: T201
    return min(failed, 1) if failed < len(titles) else 2


def _told(done: Loaded) -> str:
    """「가나다 규정」 2026-02-01 시행: 새 조문 3, 바뀐 조문 1 (제5조), 그대로 7."""
    changed = f" ({', '.join(done.changed[:SHOWN_MOST])}{_more(done.changed)})"
    return (
        f"「{done.title}」 {done.since} 시행: 새 조문 {len(done.new)}, "
        f"바뀐 조문 {len(done.changed)}{changed if done.changed else ''}, "
        f"그대로 {len(done.unchanged)}" + ("" if done.stored else " (이미 실려 있음)")
    )


def _more(numbers: Sequence[str]) -> str:
    return " …" if len(numbers) > SHOWN_MOST else ""
