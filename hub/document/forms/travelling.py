"""What every paper of a trip says alike: who travels, from when to when, where, for what."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from hub.document import flow, model

SEOUL: Final = ZoneInfo("Asia/Seoul")


class Traveller(model.Part):
    """Who travelled."""

    department: model.Line = ""
    post: model.Line = ""
    name: model.GivenLine


class Journey(model.Part):
    """When, where and for what."""

    begins: AwareDatetime
    ends: AwareDatetime
    destination: model.GivenLine
    purpose: model.GivenLine
    transport: model.Line = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("출장이 끝난 때가 시작한 때보다 앞섭니다.")
        return self


class Paper(model.Part):
    """Whose paper it is, who signs it and to whom it goes."""

    office: model.Line = ""
    travellers: tuple[Traveller, ...] = Field(min_length=1, max_length=model.MAX_SIGNERS)
    attachments: tuple[model.GivenLine, ...] = Field(default=(), max_length=50)
    signers: tuple[model.Signer, ...] = Field(default=(), max_length=model.MAX_SIGNERS)
    to: model.Line = ""


class Travel(Paper, Journey):
    """A paper of one trip."""


def fields(travel: Travel, order: str) -> tuple[model.Entry, ...]:
    """The head of the paper under the number of its order; what was not said has no line."""
    return entries({"출장자": who(travel), **journeyed(travel, order)})


def who(paper: Paper) -> str:
    """All who travel, on one line."""
    return ", ".join(named(one) for one in paper.travellers)


def journeyed(journey: Journey, order: str) -> dict[str, str]:
    """What the head of a paper says of a trip."""
    return {
        "출장명령": order,
        "출장기간": period(journey.begins, journey.ends),
        "출장지": journey.destination,
        "출장목적": journey.purpose,
        "교통편": journey.transport,
    }


def entries(told: Mapping[str, str]) -> tuple[model.Entry, ...]:
    """Lines of the head; what was not said has none."""
    return tuple(
        model.Entry(label=label, value=value[: model.MAX_LINE])
        for label, value in told.items()
        if value
    )


def approval(paper: Paper) -> model.Approval | None:
    """The 결재란, where anybody signs."""
    return model.Approval(signers=paper.signers) if paper.signers else None


def signature(paper: Paper, role: str, sentence: str, on: dt.date) -> model.Signature:
    """`sentence`, the day, and all who travel as `role`."""
    signed = tuple(
        model.Signed(role=role, post=one.post, name=one.name) for one in paper.travellers
    )
    return model.Signature(sentence=sentence, on=on, people=signed, to=paper.to)


def named(one: Traveller) -> str:
    """`총무과 행정7급 김가`."""
    return " ".join(part for part in (one.department, one.post, one.name) if part)


def period(begins: dt.datetime, ends: dt.datetime) -> str:
    """2026. 11. 20. 09:00~18:00, with the day again where it is another one."""
    first, last = begins.astimezone(SEOUL), ends.astimezone(SEOUL)
    day = "" if first.date() == last.date() else f"{flow.day(last)} "
    return f"{flow.day(first)} {first:%H:%M}~{day}{last:%H:%M}"
