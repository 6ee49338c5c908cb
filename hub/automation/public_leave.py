"""공가: the thirteen causes of 제7조의6, since when, how often and for how long each is given."""

from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

TIMES_MOST: Final = 366


class Cause(StrEnum):
    """What one must go to, by the numbers of the article."""

    MUSTER = "muster"
    SUMMONS = "summons"
    VOTE = "vote"
    EXAM = "exam"
    HEALTH = "health"
    BLOOD = "blood"
    LANGUAGE = "language"
    STRANDED = "stranded"
    EVENT = "event"
    BARGAINING = "bargaining"
    DELEGATES = "delegates"
    AUDIT = "audit"
    QUARANTINE = "quarantine"
    REMOVAL = "removal"
    EPIDEMIC = "epidemic"


CAUSES: Final = {
    Cause.MUSTER: "병역판정검사·소집·검열점호, 동원·훈련(제1호)",
    Cause.SUMMONS: "국회·법원·수사기관 등의 소환(제2호)",
    Cause.VOTE: "투표(제3호)",
    Cause.EXAM: "승진시험·전직시험(제4호)",
    Cause.HEALTH: "건강진단·건강검진·결핵검진(제5호)",
    Cause.BLOOD: "헌혈(제6호)",
    Cause.LANGUAGE: "외국어 능력시험(제7호)",
    Cause.STRANDED: "천재지변·교통차단 등으로 출근 불가(제8호)",
    Cause.EVENT: "올림픽·전국체전 등 주요 행사(제9호)",
    Cause.BARGAINING: "노동조합 단체교섭·단체협약 체결(제10호)",
    Cause.DELEGATES: "노동조합 대의원회(제10호)",
    Cause.AUDIT: "노동조합 회계감사(제10호)",
    Cause.QUARANTINE: "검역감염병 예방접종(제11호)",
    Cause.REMOVAL: "원격지 전보 부임(제12호)",
    Cause.EPIDEMIC: "제1급감염병 예방접종·검사(제13호)",
}
_LIMITED: Final = {
    Cause.DELEGATES: "leave.public.delegates_times", Cause.AUDIT: "leave.public.audit_times",
}  # fmt: skip
_CONDITIONS: Final = {
    Cause.SUMMONS: "공무에 관한 소환만입니다.",
    Cause.VOTE: "법률에 따른 투표만입니다.",
    Cause.BARGAINING: "교섭위원으로 선임된 사람만입니다.",
    Cause.AUDIT: "회계감사원인 사람만입니다.",
    Cause.QUARANTINE: "검역관리지역으로 공무국외출장·파견·교육훈련을 갈 때만입니다.",
    Cause.EVENT: "국가 또는 지방 단위의 주요 행사만입니다.",
}
_UNION: Final = frozenset({Cause.BARGAINING, Cause.DELEGATES, Cause.AUDIT})


def given(book: RuleBook, day: date, cause: Cause, used_times: int = 0) -> Answer:
    """Whether this is 공가, and what to mind. `used_times`: this year, for the same cause.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 <= used_times <= TIMES_MOST:
        raise NotPossible("used_times", f"횟수는 0부터 {TIMES_MOST}까지 적습니다.")
    since = book.rule(_LIMITED[Cause.AUDIT]).rows[0].since
    if cause is Cause.AUDIT and day < since:
        told = working_days.written(since)
        raise NotPossible("cause", f"노동조합 회계감사는 {told}부터 공가입니다.")
    work = Working(book, day)
    work.step("사유", CAUSES[cause])
    work.found("leave.public.days")
    left = _left(work, cause, used_times)
    can = left is None or left > 0
    work.step("기간", "직접적으로 필요한 기간 또는 시간")
    work.found("leave.counts_holidays_days")
    if condition := _CONDITIONS.get(cause):
        work.note(condition)
    if cause in _UNION:
        work.note("근무시간 면제자는 이 사유의 공가를 쓸 수 없습니다.")
    work.note("같은 사유의 공가를 합해 30일 이상이면 토요일과 공휴일도 셉니다(제7조의8).")
    told = "허가해야 함" if can else "올해 횟수를 다 씀"
    return work.answer(
        f"공가: {told}",
        f"공가 사유: {CAUSES[cause]}, 지방공무원 복무규정 제7조의6 ({working_days.written(day)})",
        can=can, left_times=left,
    )  # fmt: skip


def _left(work: Working, cause: Cause, used: int) -> int | None:
    key = _LIMITED.get(cause)
    if key is None:
        return None
    most = work.number(key)
    left = max(most - used, 0)
    work.step("횟수", f"한 해 {most}번 − 쓴 {used}번 = {left}번")
    return left
