"""What a source said of one business number: facts, that it knows none, or why it could not say.

Facts of a business only. Sources also give a representative's name and telephone; they are left
out, because no answer needs them and 진위확인 compares them without showing them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Who was asked."""

    STATUS = "status"
    VALIDITY = "validity"
    PROCUREMENT = "procurement"
    MAIL_ORDER = "mail-order"


NAMES: Final = {
    Source.STATUS: "국세청 상태조회",
    Source.VALIDITY: "국세청 진위확인",
    Source.PROCUREMENT: "나라장터 조달업체",
    Source.MAIL_ORDER: "공정위 통신판매사업자",
}


class Trouble(StrEnum):
    """Why a source could not say."""

    NO_KEY = "no-key"
    AWAY = "away"
    SLOW = "slow"
    KEY_REFUSED = "key-refused"
    TOO_OFTEN = "too-often"
    QUOTA = "quota"
    SPENT = "spent"
    REFUSED = "refused"
    BROKEN = "broken"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    LEFT_OUT = "left-out"
    NO_TIME = "no-time"
    NOT_ASKED = "not-asked"


SAYS: Final = {
    Trouble.NO_KEY: "인증키가 없어 묻지 못했습니다. 관리자가 HUB_DATA_GO_KR_KEY를 정하면 됩니다.",
    Trouble.AWAY: "서버에 닿지 못했습니다. 인터넷이 막혔거나 저쪽에 장애가 있습니다.",
    Trouble.SLOW: "제때 답하지 않았습니다. 잠시 뒤 다시 물으십시오.",
    Trouble.KEY_REFUSED: "인증키를 받아 주지 않았습니다. 활용신청과 키의 기한을 확인하십시오.",
    Trouble.TOO_OFTEN: "너무 자주 물어 잠시 막혔습니다. 잠시 뒤 다시 물으십시오.",
    Trouble.QUOTA: "물을 수 있는 횟수를 다 썼습니다. 내일 다시 묻거나 한도를 늘리십시오.",
    Trouble.SPENT: "우리 기관이 오늘 물을 횟수를 다 썼습니다. 내일 0시부터 다시 묻습니다.",
    Trouble.REFUSED: "물음을 받아 주지 않았습니다.",
    Trouble.BROKEN: "저쪽 서버에서 오류가 났습니다. 잠시 뒤 다시 물으십시오.",
    Trouble.TOO_LARGE: "답이 너무 커서 읽지 않았습니다.",
    Trouble.UNREADABLE: "답을 읽을 수 없습니다. 약속한 형식이 아닙니다.",
    Trouble.LEFT_OUT: "답에 이 번호가 없거나 앞뒤가 맞지 않아 믿지 않았습니다.",
    Trouble.NO_TIME: "정한 시간이 다 되어 묻지 못했습니다. 나누어 다시 물으십시오.",
    Trouble.NOT_ASKED: "묻지 않았습니다.",
}


class State(StrEnum):
    """How a business stands at the 국세청."""

    CONTINUING = "continuing"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    UNREGISTERED = "unregistered"


@dataclass(frozen=True, slots=True)
class Standing:
    """What 상태조회 says. Codes as the 국세청 writes them; empty where it wrote none."""

    state: State
    tax_code: str = ""
    tax_words: str = ""
    ended_on: date | None = None
    tax_changed_on: date | None = None
    former_tax_words: str = ""
    invoices_since: date | None = None
    is_unit_closure: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a business is called, and where it is."""

    name: str
    address: str = ""
    opened_on: date | None = None
    state_words: str = ""


Facts = Standing | Named | bool
"""Of VALIDITY: whether what was given agrees with the 국세청's record."""


@dataclass(frozen=True, slots=True)
class Told:
    """One source on one number. Neither facts nor trouble: it knows no such business."""

    source: Source
    at: datetime | None
    facts: Facts | None = None
    trouble: Trouble | None = None
