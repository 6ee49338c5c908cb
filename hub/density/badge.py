"""A zone as one small picture for pages that only take an <img>: no script, no font, no request.

The picture outlives its reading in somebody's open page. So it says the time of its count, not
an age, and a style animation turns it grey by itself when the count gets old.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import ceil
from typing import Final, Literal

from hub.density.board import Level, ZoneNow
from hub.kit.clock import SEOUL

Lang = Literal["ko", "en"]

HEIGHT_PX: Final = 60
LEFT_PX: Final = 58  # where the text begins
RIGHT_PX: Final = 18
GAP_PX: Final = 10
BARS: Final[dict[Level | None, int]] = {
    None: 0, "relaxed": 1, "moderate": 2, "busy": 3, "crowded": 4
}  # fmt: skip
WORDS: Final[dict[Lang, dict[str, str]]] = {
    "ko": {
        "relaxed": "여유",
        "moderate": "보통",
        "busy": "약간 붐빔",
        "crowded": "붐빔",
        "closed": "닫음",
        "stale": "지난 값이에요",
        "unknown": "대기 시간 모름",
        "seen": "지금",
    },
    "en": {
        "relaxed": "Relaxed",
        "moderate": "Moderate",
        "busy": "Busy",
        "crowded": "Crowded",
        "closed": "Closed",
        "stale": "Out of date",
        "unknown": "Wait unknown",
        "seen": "Now",
    },
}
TO: Final[dict[Lang, str]] = {"ko": "~", "en": "-"}
# level 60 inks on level 5 grounds in the light, level 30 on level 95 in the dark (KRDS)
STYLE: Final = """
text{font-family:"Pretendard GOV",Pretendard,"Noto Sans KR","Noto Sans CJK KR",\
"Apple SD Gothic Neo","Malgun Gothic",sans-serif;font-variant-numeric:tabular-nums}
.ground{fill:var(--soft)}.mark,.word{fill:var(--ink)}.off{fill:var(--ink);opacity:.22}
.word{font-size:19px;font-weight:800;letter-spacing:-.02em}
.wait{fill:#1e2124;font-size:16px;font-weight:600}.note{fill:#464c53;font-size:12.5px}
.relaxed{--ink:#267337;--soft:#eaf6ec}.moderate{--ink:#096ab3;--soft:#e7f4fe}
.busy{--ink:#8a5c00;--soft:#fff3db}.crowded{--ink:#bd2c0f;--soft:#fdefec}
.none{--ink:#464c53;--soft:#f4f5f6}
@media (prefers-color-scheme:dark){.wait{fill:#f4f5f6}.note{fill:#cdd1d5}
.relaxed{--ink:#7ec88e;--soft:#122b18}.moderate{--ink:#5fb5f7;--soft:#03253f}
.busy{--ink:#ffc95c;--soft:#2e1f00}.crowded{--ink:#f48771;--soft:#390d05}
.none{--ink:#cdd1d5;--soft:#26282c}}
"""
AGEING: Final = """
.fresh{{animation:leave 1ms {left_s:.0f}s forwards}}.late{{visibility:hidden;animation:come 1ms \
{left_s:.0f}s forwards}}
@keyframes leave{{to{{visibility:hidden}}}}@keyframes come{{to{{visibility:visible}}}}
"""


@dataclass(frozen=True, slots=True)
class _Face:
    """What the picture says at one time."""

    css: str
    bars: int
    word: str
    wait: str
    note: str

    @property
    def sentence(self) -> str:
        return " · ".join(part for part in (self.word, self.wait, self.note) if part)

    @property
    def width_px(self) -> int:
        top = _width_px(self.word, 19) + (GAP_PX + _width_px(self.wait, 16) if self.wait else 0)
        return LEFT_PX + RIGHT_PX + round(max(top, _width_px(self.note, 12.5)))


def svg(zone: ZoneNow, now: datetime, stale_after_s: float, lang: Lang) -> str:
    """The badge of `zone` as read at `now`, as an SVG document."""
    fresh, late = _face(zone, lang), _late_face(zone, lang)
    left_s = _left_s(zone, now, stale_after_s)
    name = zone.name if lang == "ko" else zone.name_en
    if left_s is None:
        return _document(name, fresh.sentence, [_group("", fresh, fresh.width_px)], fresh.width_px)
    if left_s <= 0:
        return _document(name, late.sentence, [_group("", late, late.width_px)], late.width_px)
    wide = max(fresh.width_px, late.width_px)
    groups = [_group("fresh", fresh, wide), _group("late", late, wide)]
    return _document(name, fresh.sentence, groups, wide, AGEING.format(left_s=left_s))


def _left_s(zone: ZoneNow, now: datetime, stale_after_s: float) -> float | None:
    """Seconds until the count is old; None where age does not matter."""
    if zone.state == "closed" or zone.observed_at is None:
        return None
    return stale_after_s - (now - zone.observed_at).total_seconds()


def _face(zone: ZoneNow, lang: Lang) -> _Face:
    if zone.level is None:
        word = WORDS[lang]["seen" if zone.state == "ok" else zone.state]
        return _Face("none", _full(zone), word, _people(zone, lang), _note(zone, lang))
    word = WORDS[lang][zone.level]
    return _Face(zone.level, BARS[zone.level], word, _wait(zone, lang), _note(zone, lang))


def _late_face(zone: ZoneNow, lang: Lang) -> _Face:
    return _Face("none", 0, WORDS[lang]["stale"], _usual(zone, lang), _note(zone, lang))


def _note(zone: ZoneNow, lang: Lang) -> str:
    """Name and time of the count."""
    name = zone.name if lang == "ko" else zone.name_en
    if zone.observed_at is None or zone.state == "closed":
        return name
    at = f"{zone.observed_at.astimezone(SEOUL):%H:%M:%S}"
    return f"{name} · {at} 기준" if lang == "ko" else f"{name} · as of {at}"


def _wait(zone: ZoneNow, lang: Lang) -> str:
    if zone.wait_s is None:
        return ""
    if zone.wait_s < 30:
        return "바로" if lang == "ko" else "no wait"
    about = _about(zone.wait_s, lang)
    if zone.wait_low_s is None or zone.wait_high_s is None:
        return about
    low, high = _minutes(zone.wait_low_s), _minutes(zone.wait_high_s)
    return about if low == high else f"{about} ({low}{TO[lang]}{high})"


def _usual(zone: ZoneNow, lang: Lang) -> str:
    """What to go by instead."""
    if zone.usual_wait_s is None:
        return ""
    about = _about(zone.usual_wait_s, lang)
    return f"평소 {about}" if lang == "ko" else f"usually {about}"


def _full(zone: ZoneNow) -> int:
    """Bars for the share of seats that is taken."""
    return min(4, ceil(4 * zone.people / zone.seats)) if zone.people and zone.seats else 0


def _people(zone: ZoneNow, lang: Lang) -> str:
    if zone.people is None or zone.state == "closed":
        return ""
    if zone.seats:
        full = round(100 * zone.people / zone.seats)
        return f"{full}% 찼음" if lang == "ko" else f"{full}% full"
    return f"{zone.people}명" if lang == "ko" else f"{zone.people} people"


def _about(wait_s: int, lang: Lang) -> str:
    return f"약 {_minutes(wait_s)}분" if lang == "ko" else f"about {_minutes(wait_s)} min"


def _minutes(wait_s: int) -> int:
    return max(1, round(wait_s / 60))


def _group(css: str, face: _Face, width_px: int) -> str:
    return (
        f'<g class="{css} {face.css}">'
        f'<rect class="ground" width="{width_px}" height="{HEIGHT_PX}" rx="14"/>'
        f"{_bars(face.bars)}"
        f'<text x="{LEFT_PX}" y="28"><tspan class="word">{_text(face.word)}</tspan>'
        f'<tspan class="wait" dx="{GAP_PX}">{_text(face.wait)}</tspan></text>'
        f'<text class="note" x="{LEFT_PX}" y="47">{_text(face.note)}</text></g>'
    )


def _bars(filled: int) -> str:
    """Four rising bars: the level without its colour."""
    return "".join(
        f'<rect class="{"mark" if n < filled else "off"}" x="{17 + 8 * n}" '
        f'y="{34 - 5 * n}" width="6" height="{8 + 5 * n}" rx="2"/>'
        for n in range(4)
    )


def _document(name: str, sentence: str, groups: list[str], width_px: int, ageing: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="{HEIGHT_PX}" '
        f'viewBox="0 0 {width_px} {HEIGHT_PX}" role="img" aria-labelledby="said">'
        f'<title id="said">{_text(name)}: {_text(sentence)}</title>'
        f"<style>{STYLE}{ageing}</style>{''.join(groups)}</svg>"
    )


def _width_px(text: str, size_px: float) -> float:
    """Room the text takes, a little generous: which font is there, nobody knows."""
    return sum(size_px * _width_em(char) for char in text)


def _width_em(char: str) -> float:
    if ord(char) > 0x2E7F:
        return 0.94
    return 0.34 if char in " .,:·-()il" else 0.6


def _text(text: str) -> str:
    """Text that XML can hold: escaped, and without the control characters it forbids."""
    return escape("".join(char for char in text if char.isprintable()))
