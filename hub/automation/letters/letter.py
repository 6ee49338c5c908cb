"""A 기안문 as a form holds it: 두문, 제목 and 본문, 결문 (시행규칙 제4조).

The body is text as one types it, with its marks, 붙임 and 끝, because that is what goes into
온나라; a row of a table is a line with tabs. Everything has a limit.
"""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from hub.document import model, words

MAX_BODY: Final = 12_000  # characters: some eight pages
MAX_LINES: Final = 1_000
Form = Literal["standard", "brief"]
"""별지 제1호서식, or 간이 별지 제2호서식."""
Role = Literal["drafter", "reviewer", "decider", "cooperator"]
Decision = Literal["", "전결", "대결"]
Short = Annotated[model.Line, Field(max_length=100)]
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2099, 12, 31))]


def _few_lines(text: str) -> str:
    if text.count("\n") >= MAX_LINES:
        raise ValueError(f"{MAX_LINES:,}줄까지 쓸 수 있습니다.")
    return text


def _cleaned(text: object) -> object:
    """As a document holds it, with the tabs that part the cells of a table."""
    if not isinstance(text, str):
        return text
    return "\t".join(words.cleaned(part) for part in text.split("\t"))


Body = Annotated[
    str, BeforeValidator(_cleaned), Field(max_length=MAX_BODY), AfterValidator(_few_lines)
]


class Signer(model.Part):
    """Who drafts, reviews, decides or cooperates. `absent`: why there is no signature."""

    role: Role
    post: Short = ""
    name: Short = ""
    proposes: bool = False
    """발의자 ★"""
    reports: bool = False
    """보고자 ⊙"""
    has_opinion: bool = False
    decision: Decision = ""
    on: Day | None = None
    absent: Short = ""


class Letter(model.Part):
    """What is filled in. Nothing is required: the linter says what is missing."""

    form: Form = "standard"
    office: Short = ""
    to: Annotated[tuple[model.Line, ...], Field(max_length=100)] = ()
    """수신자; none: 내부결재. One without a name: it is sent, but not yet said to whom."""
    via: Short = ""
    title: model.Line = ""
    body: Body = ""
    sender: Short = ""
    signers: Annotated[tuple[Signer, ...], Field(max_length=model.MAX_SIGNERS)] = ()
    number: Short = ""
    """생산등록번호: 총무과-1234."""
    issued_on: Day | None = None
    """시행일; of a 간이기안문 the day of its registration."""
    received: Short = ""
    """접수등록번호와 접수일."""
    postcode: Annotated[model.Line, Field(max_length=10)] = ""
    address: model.Line = ""
    website: Short = ""
    phone: Annotated[model.Line, Field(max_length=40)] = ""
    fax: Annotated[model.Line, Field(max_length=40)] = ""
    email: Short = ""
    openness: Literal["", "공개", "부분공개", "비공개"] = ""
    summary: model.Line = ""
    keywords: Annotated[tuple[model.Line, ...], Field(max_length=20)] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        """Those that are named."""
        return tuple(one for one in self.to if one)

    @property
    def is_internal(self) -> bool:
        """Whether it is sent to nobody."""
        return not self.to or self.recipients == ("내부결재",)
