"""What an official is told of one number, from everything that was said of it. Pure.

Whether it is in business comes first and from the 국세청 alone: a closed business is shouted even
where its papers agree, its book entry is fresh, or the 나라장터 still has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from hub.automation.business_number import BusinessNumber
from hub.automation.vendors.book import Vendor
from hub.automation.vendors.proof import Proof
from hub.automation.vendors.proof import of as proof_of
from hub.automation.vendors.told import NAMES, SAYS, Named, Source, Standing, State, Told, Trouble
from hub.automation.working_days import written
from hub.kit import clock


class Tone(StrEnum):
    """How an answer is shown."""

    STOP = "stop"
    CARE = "care"
    GOOD = "good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """What one source said, or why it could not."""

    who: str
    says: str
    at: datetime | None
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The answer first, then how sure it is, what to mind, which proof to take, and text to paste.

    `name` and `address` are of the first that knows them: the book, 나라장터, 통신판매.
    """

    headline: str
    tone: Tone
    sure: str
    name: str
    address: str
    opened_on: date | None
    minds: tuple[str, ...]
    sources: tuple[Line, ...]
    proof: Proof | None
    tax_words: str
    paste: str


_HEADLINES: Final = {
    State.CLOSED: ("폐업한 사업자입니다", Tone.STOP),
    State.SUSPENDED: ("휴업 중인 사업자입니다", Tone.STOP),
    State.UNREGISTERED: ("국세청에 등록되지 않은 번호입니다", Tone.STOP),
    State.CONTINUING: ("영업 중인 사업자입니다", Tone.GOOD),
}
_STATE_WORDS: Final = {
    State.CLOSED: "폐업자",
    State.SUSPENDED: "휴업자",
    State.UNREGISTERED: "국세청에 등록되지 않은 번호",
    State.CONTINUING: "계속사업자",
}
_ALL: Final = "국세청, 나라장터, 공정위"
_NO_KEY: Final = "묻지 못했습니다. 관리자가 HUB_DATA_GO_KR_KEY에 인증키를 적으면 묻습니다."
_KNOWN_ONLY: Final = "거래처 장부에 있는 번호입니다"
_NAMED_ONLY: Final = "이름은 찾았습니다. 영업 중인지는 모릅니다"
_SUM_ONLY: Final = "번호의 검증식만 맞습니다"
_NOT_ASKED: Final = (
    "지금 영업하는지는 확인하지 못했습니다. 홈택스에서 확인하기 전에는 믿지 마십시오."
)


def conclude(
    number: BusinessNumber, vendor: Vendor | None, told: Sequence[Told], today: date
) -> Conclusion:
    """All that is said of `number`. `today` in Seoul."""
    facts = {one.source: one.facts for one in told}
    standing = facts.get(Source.STATUS)
    standing = standing if isinstance(standing, Standing) else None
    agrees = facts.get(Source.VALIDITY)
    names = [one.facts for one in told if isinstance(one.facts, Named)]
    headline, tone = _headline(standing, agrees is False, vendor, names)
    minds = tuple(_minds(standing, agrees, vendor, names, today))
    name, address, opened_on = _who(vendor, names)
    lines = (*_of_book(vendor), *_lines(told))
    tax = standing.tax_words if standing and standing.state is State.CONTINUING else ""
    proof = proof_of(standing)
    paste = _paste(number, name, headline, standing, proof, told, agrees)
    sure = _sure(vendor, names, standing, told)
    return Conclusion(
        headline, tone, sure, name, address, opened_on, minds, lines, proof, tax, paste
    )


def _headline(
    standing: Standing | None, differs: bool, vendor: Vendor | None, names: Sequence[Named]
) -> tuple[str, Tone]:
    if standing and (differs and standing.state is State.CONTINUING):
        return "영업 중이지만 적은 내용이 국세청 기록과 다릅니다", Tone.CARE
    if standing:
        return _HEADLINES[standing.state]
    if vendor:
        return _KNOWN_ONLY, Tone.UNKNOWN
    return (_NAMED_ONLY if names else _SUM_ONLY), Tone.UNKNOWN


def _minds(
    standing: Standing | None,
    agrees: object,
    vendor: Vendor | None,
    names: Sequence[Named],
    today: date,
) -> list[str]:
    found = _of_standing(standing, today) if standing else [_NOT_ASKED]
    ended = standing is not None and standing.state is not State.CONTINUING
    if agrees is True and ended:
        found.append("진위확인은 '일치'로 나왔지만, 그것은 내용이 같다는 뜻일 뿐입니다.")
    if agrees is False:
        found.append(
            "대표자·개업일이 국세청 기록과 맞지 않습니다. 사업자등록증을 다시 받아 보십시오."
        )
    if vendor and any(_differs(vendor.name, one.name) for one in names):
        others = ", ".join(dict.fromkeys(one.name for one in names))
        found.append(f"장부의 이름은 '{vendor.name}'인데 다른 곳에서는 '{others}'입니다.")
    return found


def _of_standing(standing: Standing, today: date) -> list[str]:
    found = []
    if standing.state is State.CLOSED:
        when = f" 폐업일은 {written(standing.ended_on)}입니다." if standing.ended_on else ""
        found.append(f"계약하거나 돈을 주기 전에 멈추십시오.{when}")
        if standing.is_unit_closure:
            found.append(
                "사업자단위과세로 바뀌며 없어진 번호입니다. 본점의 번호를 받아 다시 조회하십시오."
            )
    if standing.state is State.SUSPENDED:
        found.append("휴업 중에는 거래할 수 있는지와 증빙을 줄 수 있는지 먼저 확인하십시오.")
    if standing.state is State.UNREGISTERED:
        found.append("번호를 잘못 적었거나 없는 사업자입니다. 사업자등록증을 보고 다시 적으십시오.")
    if standing.tax_changed_on and standing.former_tax_words:
        when = written(standing.tax_changed_on)
        will = "바뀝니다" if standing.tax_changed_on > today else "바뀌었습니다"
        found.append(
            f"과세유형이 {when} {will}. 그전은 {standing.former_tax_words}입니다. "
            "증빙은 공급한 날의 과세유형을 따릅니다."
        )
    return found


def _who(vendor: Vendor | None, names: Sequence[Named]) -> tuple[str, str, date | None]:
    known = [*([Named(vendor.name, vendor.address, vendor.opened_on)] if vendor else []), *names]
    name = next((one.name for one in known if one.name), "")
    address = next((one.address for one in known if one.address), "")
    return name, address, next((one.opened_on for one in known if one.opened_on), None)


def _of_book(vendor: Vendor | None) -> list[Line]:
    if vendor is None:
        return [Line("거래처 장부", "이 번호가 없습니다.", None)]
    says = f"{vendor.name}. {written(vendor.as_of)} 기준으로 적혀 있습니다."
    return [Line("거래처 장부", says, None)]


def _lines(told: Sequence[Told]) -> Iterator[Line]:
    """Without those that were not asked; what one missing key keeps from all is said once."""
    if any(one.trouble is Trouble.NO_KEY for one in told):
        yield Line(_ALL, _NO_KEY, None, is_trouble=True)
    unsaid = (Trouble.NO_KEY, Trouble.NOT_ASKED)
    yield from (_line(one) for one in told if one.trouble not in unsaid)


def _line(told: Told) -> Line:
    if told.trouble:
        return Line(NAMES[told.source], SAYS[told.trouble], told.at, is_trouble=True)
    return Line(NAMES[told.source], _says(told), told.at)


def _says(told: Told) -> str:
    match told.facts:
        case None:
            return "이 번호가 없습니다."
        case bool(agrees):
            return "적은 내용과 일치합니다." if agrees else "확인할 수 없습니다(적은 내용과 다름)."
        case Named(name=name, state_words=state):
            return f"{name} ({state})" if state else name
        case Standing(state=state, tax_words=tax):
            return f"{_STATE_WORDS[state]}. {tax}".strip(" .") + "."


def _differs(one: str, other: str) -> bool:
    return _core(one) != _core(other)


def _core(name: str) -> str:
    """A name without its legal form and signs: `(주)가나` and `주식회사 가나` are one."""
    for form in ("주식회사", "유한회사", "(주)", "㈜", "(유)", "(합)"):
        name = name.replace(form, "")
    return "".join(c for c in name.lower() if c.isalnum())


def _sure(
    vendor: Vendor | None, names: Sequence[Named], standing: Standing | None, told: Sequence[Told]
) -> str:
    """How much the answer can be leant on."""
    if standing and (when := _asked(told)):
        return f"국세청이 {when}에 답했습니다."
    if vendor:
        return f"거래처 장부에 {written(vendor.as_of)} 기준으로 적혀 있을 뿐입니다."
    if names:
        return "이름이 올라 있을 뿐, 그 뒤에 폐업했을 수 있습니다."
    return "잘못 적은 번호를 거른 것뿐입니다. 있는 사업자인지는 모릅니다."


def _asked(told: Sequence[Told]) -> str:
    """When the 국세청 was asked how a business stands, in Seoul."""
    at = next((one.at for one in told if one.source is Source.STATUS and one.at), None)
    local = at.astimezone(clock.SEOUL) if at else None
    return f"{written(local.date())} {local:%H:%M}" if local else ""


def _paste(
    number: BusinessNumber,
    name: str,
    headline: str,
    standing: Standing | None,
    proof: Proof | None,
    told: Sequence[Told],
    agrees: object,
) -> str:
    """A line for a document: what was looked up, by whom it was said, and when."""
    who = f"{name}({number.written})" if name else number.written
    when = _asked(told)
    if standing is None or not when:
        return f"{who}: {headline}. 국세청 상태조회는 하지 못함."
    parts = [_STATE_WORDS[standing.state]]
    if standing.state is State.CONTINUING and standing.tax_words:
        parts.append(standing.tax_words)
    if standing.ended_on:
        parts.append(f"폐업일 {written(standing.ended_on)}")
    if isinstance(agrees, bool):
        parts.append("진위확인 일치" if agrees else "진위확인 불일치")
    take = f" 증빙: {proof.paper}." if proof else ""
    return f"{who}: {', '.join(parts)}. (국세청 상태조회 {when}){take}"
