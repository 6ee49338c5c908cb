"""One table from errors to RFC 9457 problems, in Korean or English.

`type` is a stable name for programs, `title` and `detail` are sentences for people. A detail may
name fields of the error; nothing else of an error is ever shown.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.automation.answer import NotPossible
from hub.automation.calendar.refusals import UnknownCalendar, UnknownEntry
from hub.automation.sheets.limits import SheetsBusy, UnknownQuestion
from hub.automation.vendors import book as vendors
from hub.automation.vendors.round_trip import FileRefused
from hub.density import errors as density
from hub.devices import (
    alerts,
    commands,
    drawing,
    enrolment,
    meals,
    node_files,
    pictures,
    pki,
    site_page,
)
from hub.document.errors import MalformedDocument
from hub.identity import errors as identity
from hub.identity import passwords
from hub.kit import db
from hub.kit.presence import DATABASE
from hub.kit.sheet import SheetUnreadable
from hub.rules import budget_codes, ordinances
from hub.rules.book import UnknownRule
from hub.rules.resting import UnknownText
from hub.rules.rule import OutsideTable
from hub.tripproof import errors as tripproof
from hub.tripproof import refusals as trips

log = logging.getLogger(__name__)

Lang = Literal["ko", "en"]
MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:cheongsa:problem:"
RETRY_AFTER_S: Final = 5


class WrongField(BaseModel):
    """One thing that could not be read in a request."""

    where: str = Field(description="`query` or `path`", examples=["query"])
    name: str = Field(examples=["from"])
    detail: str


class Problem(BaseModel):
    """RFC 9457: what went wrong, and what to do."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=[URN + "unknown-zone"])
    title: str = Field(examples=["그런 구역이 없어요"])
    status: int = Field(examples=[404])
    detail: str
    instance: str = Field(description="The path that was asked for.")
    errors: list[WrongField] | None = Field(default=None, description="Only of a 422.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. Details may hold `{fields}` of the error."""

    status: int
    slug: str
    title: Mapping[Lang, str]
    detail: Mapping[Lang, str]
    headers: Mapping[str, str] = field(default_factory=dict)


def _kind(status: int, slug: str, ko: tuple[str, str], en: tuple[str, str], **headers: str) -> Kind:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Kind(status, slug, {"ko": ko[0], "en": en[0]}, {"ko": ko[1], "en": en[1]}, given)


MALFORMED: Final = _kind(
    422, "malformed-request",
    ("읽을 수 없는 요청이에요", "errors에 적힌 값을 고쳐 다시 보내 주세요."),
    ("The request cannot be read", "Correct the values listed under errors and ask again."),
)  # fmt: skip
NOT_FOUND: Final = _kind(
    404, "not-found",
    ("여기에는 아무것도 없어요", "주소를 확인해 주세요. /api/v1/openapi.json에 모두 있어요."),
    ("There is nothing here", "Check the address. /api/v1/openapi.json lists them all."),
)  # fmt: skip
WRONG_METHOD: Final = _kind(
    405, "method-not-allowed",
    ("여기서는 할 수 없는 요청이에요", "이 주소에서 할 수 있는 것은 Allow 헤더에 있어요."),
    ("This cannot be done here", "The Allow header says what can be done at this address."),
    allow="GET, HEAD",
)  # fmt: skip
TOO_LARGE: Final = _kind(
    413, "content-too-large",
    ("보낸 내용이 너무 커요", "나누어 보내거나 짧게 줄여 다시 보내 주세요."),
    ("Too much was sent", "Send less, or in parts."),
    connection="close",
)  # fmt: skip
LONG_ADDRESS: Final = _kind(
    414, "address-too-long",
    ("주소가 너무 길어요", "주소를 8 KiB보다 짧게 해서 다시 요청해 주세요."),
    ("The address is too long", "Ask again with an address below 8 KiB."),
    connection="close",
)  # fmt: skip
WRONG_HOST: Final = _kind(
    421, "unknown-host",
    ("이 이름으로는 답하지 않아요", "관리자가 HUB_TRUSTED_HOSTS에 이 이름을 넣어야 해요."),
    ("This name is not answered to", "An administrator must add it to HUB_TRUSTED_HOSTS."),
)  # fmt: skip
UNREADABLE: Final = _kind(
    400, "unreadable-body",
    ("보낸 내용을 읽을 수 없어요", "UTF-8로 쓴 JSON으로 다시 보내 주세요."),
    ("What was sent cannot be read", "Send JSON in UTF-8."),
)  # fmt: skip
OTHER: Final = _kind(
    400, "bad-request",
    ("처리할 수 없는 요청이에요", "요청을 확인해 주세요."),
    ("The request cannot be handled", "Check the request."),
)  # fmt: skip
BROKEN: Final = _kind(
    500, "internal-error",
    ("서버에서 문제가 생겼어요",
     "잠시 뒤 다시 해 주세요. 계속되면 관리자에게 시각과 주소를 알려 주세요."),
    ("Something broke on the server",
     "Try again in a moment. If it stays, tell the administrator the time and the address."),
)  # fmt: skip
AWAY: Final = _kind(
    503, "database-away",
    ("지금은 값을 읽을 수 없어요", "데이터베이스가 답하지 않아요. 돌아오면 저절로 다시 보여요."),
    ("Nothing can be read right now",
     "The database does not answer. It will be shown again when it is back."),
    retry_after=str(RETRY_AFTER_S),
)  # fmt: skip
FULL: Final = _kind(
    503, "too-many-streams",
    ("실시간 연결이 가득 찼어요",
     "잠시 뒤 다시 연결하거나 /api/v1/density를 몇 초마다 읽어 주세요."),
    ("All live streams are taken",
     "Connect again in a moment, or read /api/v1/density every few seconds."),
    retry_after=str(RETRY_AFTER_S),
)  # fmt: skip


class TooManyStreams(Exception):
    """This process holds as many open streams as `HUB_STREAM_CLIENTS_MAX` allows."""


class MalformedSite(Exception):
    """`?site=` is not an id: 1-32 of a-z, 0-9 and `-`."""


PROBLEMS: Final[dict[type[Exception], Kind]] = {
    density.UnknownSite: _kind(
        404, "unknown-site",
        ("그런 청사가 없어요", "'{site}'은(는) 등록되지 않았어요. site 없이 읽으면 모두 보여요."),
        ("No such office", "'{site}' is not registered. Read without site to see them all."),
    ),
    density.UnknownZone: _kind(
        404, "unknown-zone",
        ("그런 구역이 없어요", "'{key}'은(는) 등록되지 않았어요. /api/v1/density에 모두 있어요."),
        ("No such zone", "'{key}' is not registered. /api/v1/density lists them all."),
    ),
    NotPossible: _kind(
        422, "not-possible",
        ("이렇게는 셈할 수 없어요", "{says}"),
        ("This cannot be worked out", "{says}"),
    ),
    OutsideTable: _kind(
        422, "no-rule-for-that-day",
        (
            "그날의 규칙을 몰라요",
            "{day}의 ‘{rule.name}’ 규칙을 아직 몰라 셈하지 않았어요. 날짜를 확인해 주세요.",
        ),
        (
            "No rule is known for that day",
            "The rule '{rule.name}' is not known for {day}, so nothing was worked out.",
        ),
    ),
    density.NotReckoned: _kind(
        409, "not-reckoned",
        ("견줄 값이 없어요",
         "줄을 섰을 때 허브가 대기 시간을 몰랐어요. 카메라가 셀 때 다시 재 주세요."),
        ("Nothing to compare with",
         "The hub did not know the wait when you joined. Measure again while the camera counts."),
    ),
    density.NotEnoughTaps: _kind(
        409, "not-enough-taps",
        ("아직 쓸 수 없어요",
         "다섯 번은 재야 하고, 배수가 0.25에서 4 사이여야 해요. 벗어나면 구역을 다시 그려 주세요."),
        ("Not usable yet",
         "Measure at least five times. A factor beyond 0.25 to 4 means the zone is drawn wrong."),
    ),
    density.FactorSuperseded: _kind(
        409, "factor-superseded",
        ("그사이 다른 사람이 바꿨어요", "지금 값을 다시 보고 해 주세요."),
        ("Somebody changed it meanwhile", "Look at the factor of now, then try again."),
    ),
    density.UnknownFactor: _kind(
        404, "unknown-factor",
        ("그런 보정값이 없어요", "이 줄에서 쓴 적이 없는 번호예요."),
        ("No such factor", "This lane never used that revision."),
    ),
    density.UnknownTap: _kind(
        404, "unknown-tap",
        ("그런 기록이 없어요", "이미 지워졌어요."),
        ("No such measurement", "It is gone already."),
    ),
    density.RangeBackwards: _kind(
        422, "range-backwards",
        ("기간이 거꾸로예요", "from은 to보다 앞이어야 해요."),
        ("The range runs backwards", "`from` must lie before `to`."),
    ),
    density.RangeTooLong: _kind(
        422, "range-too-long",
        ("기간이 너무 길어요",
         "{buckets}칸을 청했는데 한 번에 {buckets_max}칸까지예요. "
         "step을 늘리거나 기간을 줄여 주세요."),
        ("The range is too long",
         "{buckets} buckets were asked for and one answer holds {buckets_max}. "
         "Take a longer step or a shorter range."),
    ),
    identity.NotSignedIn: _kind(
        401, "not-signed-in",
        ("로그인이 필요해요", "로그인한 뒤 다시 해 주세요. 오래 쉬면 로그인이 저절로 끝나요."),
        ("You need to sign in", "Sign in and try again. A session left alone ends by itself."),
    ),
    identity.NotAllowed: _kind(
        403, "not-allowed",
        ("권한이 없어요", "{roles_ko} 역할이 할 수 있어요. 관리자에게 역할을 요청해 주세요."),
        ("You are not allowed to do this",
         "It needs one of these roles: {roles}. Ask an administrator for it."),
    ),
    identity.PasswordToBeChanged: _kind(
        403, "password-to-be-changed",
        ("비밀번호를 먼저 바꿔 주세요", "처음 받은 비밀번호로는 비밀번호 바꾸기만 할 수 있어요."),
        ("Change your password first", "A first password opens nothing but the change of it."),
    ),
    identity.WrongSignIn: _kind(
        401, "wrong-sign-in",
        ("아이디나 비밀번호가 맞지 않아요",
         "다시 확인해 주세요. 다섯 번 틀리면 15분 동안 기다려야 해요."),
        ("The name or the password is wrong",
         "Check both. After five wrong tries you wait for 15 minutes."),
    ),
    identity.SignInLocked: _kind(
        429, "sign-in-locked",
        ("잠시 로그인할 수 없어요",
         "여러 번 틀려서 {wait_min}분 뒤에 다시 할 수 있어요. "
         "급하면 관리자에게 새 비밀번호를 받으세요."),
        ("You cannot sign in for a while",
         "Too many wrong tries: try again in {wait_min} min, "
         "or ask an administrator for a new password."),
    ),
    identity.ForeignRequest: _kind(
        403, "foreign-request",
        ("다른 곳에서 보낸 요청이에요", "이 서버의 화면에서 다시 해 주세요."),
        ("This request comes from elsewhere", "Do it again on a page of this server."),
    ),
    identity.UnknownPerson: _kind(
        404, "unknown-person",
        ("그런 사람이 없어요", "목록을 새로 고쳐 주세요."),
        ("No such person", "Reload the list."),
    ),
    identity.UnknownDuty: _kind(
        404, "unknown-duty",
        ("그런 사무가 없어요", "목록을 새로 고쳐 주세요."),
        ("No such duty", "Reload the list."),
    ),
    identity.LoginTaken: _kind(
        409, "login-taken",
        ("이미 있는 아이디예요", "'{login}'은(는) 다른 사람이 써요. 다른 아이디를 정해 주세요."),
        ("This name is taken", "Somebody else is '{login}'. Choose another."),
    ),
    identity.LastAdmin: _kind(
        409, "last-admin",
        ("관리자가 한 사람은 있어야 해요", "먼저 다른 사람에게 admin 역할을 주세요."),
        ("There must be one administrator", "Give somebody else the role admin first."),
    ),
    passwords.TooShort: _kind(
        422, "password-too-short",
        ("이 비밀번호는 쓸 수 없어요", "10글자보다 짧아요. 긴 문장이 외우기도 쉬워요."),
        ("This password cannot be taken",
         "It is shorter than 10 characters. A sentence is easy to remember."),
    ),
    passwords.TooLong: _kind(
        422, "password-too-long",
        ("이 비밀번호는 쓸 수 없어요", "128글자까지 쓸 수 있어요."),
        ("This password cannot be taken", "It is longer than 128 characters."),
    ),
    passwords.HoldsLogin: _kind(
        422, "password-holds-login",
        ("이 비밀번호는 쓸 수 없어요", "아이디가 들어 있어요."),
        ("This password cannot be taken", "Your name is part of it."),
    ),
    passwords.TooPlain: _kind(
        422, "password-too-plain",
        ("이 비밀번호는 쓸 수 없어요", "같은 글자가 되풀이돼요."),
        ("This password cannot be taken", "It repeats a few characters."),
    ),
    passwords.Unchanged: _kind(
        422, "password-unchanged",
        ("이 비밀번호는 쓸 수 없어요", "지금 비밀번호와 같아요."),
        ("This password cannot be taken", "It is the one you have."),
    ),
    enrolment.NodeThere: _kind(
        409, "node-there",
        ("이미 있는 노드예요",
         "'{node}'은(는) 이미 등록되었어요. 다른 이름을 정하거나 새 코드를 만드세요."),
        ("This node is there already",
         "'{node}' is registered. Choose another id, or make a new code."),
    ),
    enrolment.NameTooLong: _kind(
        422, "node-name-too-long",
        ("이름이 너무 길어요", "청사와 노드의 이름은 합쳐서 63글자까지예요."),
        ("The name is too long", "The ids of office and node have 63 characters together at most."),
    ),
    enrolment.UnknownOffice: _kind(
        404, "unknown-site",
        ("그런 청사가 없어요", "'{site}'은(는) 등록되지 않았어요."),
        ("No such office", "'{site}' is not registered."),
    ),
    enrolment.UnknownNode: _kind(
        404, "unknown-node",
        ("그런 노드가 없어요", "'{node}'은(는) 등록되지 않았어요. 목록을 새로 고쳐 주세요."),
        ("No such node", "'{node}' is not registered. Reload the list."),
    ),
    enrolment.NotReadyToEnrol: _kind(
        409, "not-ready-to-enrol",
        ("아직 노드를 등록할 수 없어요", "관리자가 서버에 {missing}을(를) 정해야 해요."),
        ("Nodes cannot be enrolled yet", "An administrator must set {missing} on the server."),
    ),
    node_files.NoNodeFiles: _kind(
        404, "no-node-files",
        ("노드에 줄 것이 없어요", "서버에서 `python -m hub node-files`를 먼저 해야 해요."),
        ("Nothing for nodes here", "Run `python -m hub node-files` on the server first."),
    ),
    enrolment.WrongCode: _kind(
        403, "wrong-code",
        ("쓸 수 없는 코드예요",
         "틀렸거나, 이미 썼거나, 하루가 지났어요. 허브에서 새 코드를 만드세요."),
        ("This code opens nothing",
         "It is wrong, used, or older than a day. Make a new one on the hub."),
    ),
    enrolment.TooManyCodes: _kind(
        429, "too-many-codes",
        ("잠시 등록할 수 없어요", "틀린 코드가 너무 많았어요. {wait_min}분 뒤에 다시 해 주세요."),
        ("You cannot enrol for a while", "Too many wrong codes: try again in {wait_min} min."),
    ),
    enrolment.NotRenewable: _kind(
        403, "not-renewable",
        ("갱신할 수 없는 인증서예요",
         "폐기되었거나 끝난 지 90일이 넘었어요. 허브에서 새 코드를 만드세요."),
        ("This certificate cannot be renewed",
         "It is revoked, unknown, or ended over 90 days ago. Make a new code on the hub."),
    ),
    pki.WeakKey: _kind(
        422, "weak-key",
        ("쓸 수 없는 열쇠예요", "P-256 곡선의 열쇠로 다시 요청해 주세요."),
        ("This key cannot be taken", "Ask again with a key on the curve P-256."),
    ),
    pki.MalformedRequest: _kind(
        422, "malformed-certificate-request",
        ("읽을 수 없는 인증서 요청이에요", "자기 열쇠로 서명한 PKCS #10을 PEM으로 보내 주세요."),
        ("The certificate request cannot be read",
         "Send a PKCS #10 in PEM, signed by its own key."),
    ),
    commands.UnknownCommand: _kind(
        404, "unknown-command",
        ("그런 명령이 없어요", "화면을 새로 고쳐 주세요."),
        ("No such command", "Reload the page."),
    ),
    pictures.PictureForgotten: _kind(
        404, "picture-forgotten",
        ("사진이 없어요", "사진은 받은 사람에게 10분만 보이고 지워져요. 다시 찍어 주세요."),
        ("There is no picture",
         "It is shown for ten minutes to whoever asked, then forgotten. Ask for a new one."),
    ),
    pictures.WrongKey: _kind(
        403, "wrong-picture-key",
        ("이 열쇠로는 열리지 않아요", "사진을 부탁한 화면에서만 볼 수 있어요. 다시 찍어 주세요."),
        ("This key does not open it", "Only the page that asked can show it. Ask for a new one."),
    ),
    drawing.DrawingRefused: _kind(
        422, "drawing-refused",
        ("이 그림으로는 셀 수 없어요", "{ko}"),
        ("Nobody can count with this drawing", "{en}"),
    ),
    drawing.DrawingSuperseded: _kind(
        409, "drawing-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {revision}번이에요. 새로 불러온 뒤 다시 그려 주세요."),
        ("Somebody else saved meanwhile",
         "It is revision {revision} now. Load it, then draw again."),
    ),
    drawing.UnknownRevision: _kind(
        404, "unknown-revision",
        ("그런 기록이 없어요", "{revision}번 설정은 남아 있지 않아요."),
        ("No such revision", "Revision {revision} is not in the history."),
    ),
    site_page.SiteSuperseded: _kind(
        409, "site-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {version}번이에요. 새로 불러온 뒤 다시 고쳐 주세요."),
        ("Somebody else saved meanwhile",
         "It is version {version} now. Load it, then change it again."),
    ),
    site_page.UnknownVersion: _kind(
        404, "unknown-version",
        ("그런 기록이 없어요", "{version}번 설정은 남아 있지 않아요."),
        ("No such version", "Version {version} is not in the history."),
    ),
    meals.MealsUnreadable: _kind(
        422, "meals-unreadable",
        ("식단을 읽지 못했어요", "{ko}"),
        ("No meals can be read from it", "{en}"),
    ),
    alerts.UnknownAlert: _kind(
        404, "unknown-alert",
        ("그런 알림이 없어요", "이미 끝난 알림일 수 있어요. 화면을 새로 고쳐 주세요."),
        ("No such alert", "It may be over already. Reload the page."),
    ),
    trips.TripNotReady: _kind(
        409, "trip-not-ready",
        ("아직 출장 확인을 할 수 없어요", "관리자가 서버에 {missing}을(를) 준비해야 해요."),
        ("Trip proofs are not ready yet", "An administrator must provide {missing}."),
    ),
    tripproof.TripProofError: _kind(
        422, "trip-malformed",
        ("읽을 수 없는 출장 기록이에요", "바뀌었거나 잘린 내용이에요. 아무것도 받지 않았어요."),
        ("The bytes of this proof cannot be read", "Changed or cut. Nothing of it was taken."),
    ),
    tripproof.BadSignature: _kind(
        403, "trip-bad-signature",
        ("서명이 맞지 않아요", "등록한 휴대전화의 열쇠로 한 서명이 아니에요."),
        ("The signature does not fit", "It was not made by the enrolled key over these bytes."),
    ),
    trips.UnknownDevice: _kind(
        403, "trip-unknown-device",
        ("등록하지 않은 휴대전화예요", "로그인한 뒤 이 휴대전화를 등록해 주세요."),
        ("This phone is not enrolled", "Sign in and enrol it."),
    ),
    trips.KeyEnded: _kind(
        403, "trip-key-ended",
        ("끝난 열쇠예요", "다른 휴대전화를 등록했거나 폐기했어요. 로그인해서 다시 등록해 주세요."),
        ("This key has ended", "It was replaced or revoked. Sign in and enrol the phone again."),
    ),
    trips.NoConsent: _kind(
        403, "trip-no-consent",
        ("위치정보 동의가 없어요",
         "동의하지 않았거나, 철회했거나, 1년이 지났어요. 종이나 사진으로도 똑같이 돼요."),
        ("There is no consent",
         "Not given, withdrawn, or over a year old. Paper or a photo serves just as well."),
    ),
    trips.OtherPerson: _kind(
        403, "trip-other-person",
        ("다른 사람의 기록이에요", "이 휴대전화를 등록한 사람이나 기관의 것이 아니에요."),
        ("This is another person's", "It names not the person or office this key is enrolled for."),
    ),
    trips.SealedElsewhere: _kind(
        422, "trip-sealed-elsewhere",
        ("감사 열쇠가 달라요", "우리 감사 열쇠로 봉한 것이 아니에요. 화면을 새로 열어 주세요."),
        ("Sealed to another key", "Not to an auditor of this office. Open the page anew."),
    ),
    trips.IdTaken: _kind(
        409, "trip-id-taken",
        ("이미 다른 기록이 있어요", "같은 번호로 다른 내용이 먼저 기록되었어요."),
        ("Another proof is there", "Another content was recorded under this id before."),
    ),
    trips.AskStale: _kind(
        403, "trip-ask-stale",
        ("오래된 요청이에요", "휴대전화의 시계를 확인하고 다시 해 주세요."),
        ("This question is stale", "Check the phone's clock, then ask anew."),
    ),
    trips.ConsentChanged: _kind(
        409, "trip-consent-changed",
        ("동의서가 바뀌었어요", "바뀐 내용을 다시 읽고 정해 주세요."),
        ("The consent has changed", "Read it again, then decide."),
    ),
    trips.KeyTaken: _kind(
        409, "trip-key-taken",
        ("이미 등록한 열쇠예요", "새 열쇠를 만들어 다시 등록해 주세요."),
        ("This key is enrolled already", "Make a new key and enrol that."),
    ),
    trips.NoNumber: _kind(
        409, "trip-no-number",
        ("직원 번호가 없어요", "관리자에게 직원 번호를 넣어 달라고 해 주세요."),
        ("There is no staff number", "Ask an administrator to enter yours."),
    ),
    trips.NumberTaken: _kind(
        409, "trip-number-taken",
        ("이미 있는 직원 번호예요", "'{who}'은(는) 다른 사람의 번호예요."),
        ("This number is taken", "Somebody else has '{who}'."),
    ),
    trips.UnknownProof: _kind(
        404, "trip-unknown-proof",
        ("그런 출장 기록이 없어요", "번호를 확인해 주세요. 다른 사람의 기록은 보이지 않아요."),
        ("No such proof", "Check the id. Other people's are not shown."),
    ),
    trips.UnknownTripDevice: _kind(
        404, "trip-unknown-own-device",
        ("그런 휴대전화가 없어요", "목록을 새로 고쳐 주세요."),
        ("No such phone", "Reload the list."),
    ),
    trips.UnknownOrder: _kind(
        404, "trip-unknown-order",
        ("그런 출장이 없어요", "출장 번호를 확인해 주세요."),
        ("No such trip order", "Check its number."),
    ),
    trips.UnknownPlace: _kind(
        404, "trip-unknown-place",
        ("장소록에 없는 곳이에요", "이름을 확인해 주세요."),
        ("Not in the place book", "Check the name."),
    ),
    trips.EndsBeforeItBegins: _kind(
        422, "trip-ends-before-it-begins",
        ("출장 기간이 거꾸로예요", "'{trip}'의 끝이 시작보다 뒤여야 해요."),
        ("The trip ends before it begins", "The end of '{trip}' must lie after its beginning."),
    ),
    trips.SheetUnreadable: _kind(
        422, "trip-sheet-unreadable",
        ("출장 표를 읽지 못했어요",
         "첫 줄에 출장번호, 직원번호, 시작, 종료가 있는 .xlsx나 CSV 파일을 넣어 주세요."),
        ("No trip orders can be read from it",
         "Send .xlsx or CSV whose heading has 출장번호, 직원번호, 시작 and 종료."),
    ),
    trips.TripOfAnother: _kind(
        409, "trip-of-another-department",
        ("다른 부서의 출장 번호예요", "'{trip}'은(는) 다른 부서가 먼저 썼어요."),
        ("Another department's number", "'{trip}' is an order of another department."),
    ),
    trips.NamesItsOrder: _kind(
        409, "trip-names-its-order",
        ("이미 출장명령이 있는 확인이에요", "서명할 때 적은 '{trip}'에만 이어져요."),
        ("This touch names its order", "It was signed for '{trip}' and belongs to no other."),
    ),
    trips.NotOnTheOrder: _kind(
        409, "trip-not-on-the-order",
        ("출장명령에 없는 직원이에요", "'{trip}'에 '{who}'이(가) 없어요. 출장명령을 고쳐 주세요."),
        ("The order does not name this person", "'{who}' is not on '{trip}'. Change that first."),
    ),
    trips.UnknownConfirmation: _kind(
        404, "trip-unknown-confirmation",
        ("그런 확인이 없어요", "목록을 새로 고쳐 주세요."),
        ("No such confirmation", "Reload the list."),
    ),
    trips.DayAhead: _kind(
        422, "trip-day-ahead",
        ("아직 오지 않은 날이에요", "{day}의 확인은 그날이 된 뒤에 적어 주세요."),
        ("That day has not come", "Write down what confirms {day} when it has come."),
    ),
    trips.ConfirmationChanged: _kind(
        409, "trip-confirmation-changed",
        ("그사이 다른 사람이 고쳤어요", "새로 고쳐서 지금 적힌 것을 먼저 봐 주세요."),
        ("Somebody has changed it", "Reload, look at what is there, and decide again."),
    ),
    MalformedDocument: _kind(
        422, "malformed-document",
        ("문서를 만들 수 없어요", "{what}"),
        ("No document can be made of this", "{what}"),
    ),
    trips.NotTheClerk: _kind(
        403, "trip-not-the-clerk",
        ("이 부서의 서무만 볼 수 있어요", "관리자에게 서무로 지정해 달라고 해 주세요."),
        ("Only for the clerk of the department", "Ask an administrator to name you."),
    ),
    trips.NoSuchSize: _kind(
        404, "trip-no-such-size",
        ("기록이 그만큼 길지 않아요", "지금의 확인점에 적힌 크기까지만 물을 수 있어요."),
        ("The log is not of that size", "Ask for sizes up to that of the newest checkpoint."),
    ),
    trips.WhyMissing: _kind(
        422, "trip-why-missing",
        ("여는 까닭을 적어 주세요", "why에 적은 까닭이 여는 사람과 함께 기록부에 남아요."),
        ("Say why it is opened", "What why= says stands in the log, with who opened it."),
    ),
    UnknownCalendar: _kind(
        404, "unknown-calendar",
        ("열리지 않는 달력 주소예요", "거두었거나 없던 주소예요. 업무 달력에서 새로 만드세요."),
        ("This calendar opens no more", "It was withdrawn, or never was. Make a new address."),
    ),
    UnknownEntry: _kind(
        404, "unknown-calendar-entry",
        ("달력에 그런 것이 없어요", "새로 고쳐서 다시 봐 주세요."),
        ("There is no such entry", "Reload the calendar."),
    ),
    UnknownQuestion: _kind(
        404, "unknown-question",
        ("그런 계산이 없어요", "/api/v1/automation/questions에 있는 이름이어야 해요."),
        ("No such question", "'{name}' is none. /api/v1/automation/questions has them all."),
    ),
    SheetsBusy: _kind(
        503, "sheets-busy",
        ("지금은 표가 너무 많이 밀려 있어요", "1분쯤 뒤에 다시 넣어 주세요."),
        ("Too many sheets are waiting", "Send it again in a minute."),
        retry_after="60",
    ),
    SheetUnreadable: _kind(
        422, "sheet-unreadable",
        ("표를 읽지 못했어요", "{says}"),
        ("No table can be read from it", "{says}"),
    ),
    FileRefused: _kind(
        422, "carried-file-refused",
        ("이 파일은 받을 수 없어요", "{says}"),
        ("This file is not taken", "{says}"),
    ),
    vendors.VendorChanged: _kind(
        409, "vendor-changed",
        ("그사이 다른 사람이 고쳤어요", "새로 불러온 뒤 지금 적힌 것을 보고 다시 고쳐 주세요."),
        ("Somebody has changed it", "Load it, look at what is there, and change it again."),
    ),
    vendors.UnknownVendor: _kind(
        404, "unknown-vendor",
        ("장부에 없는 거래처예요", "목록을 새로 고쳐 주세요."),
        ("Not in the vendor book", "Reload the list."),
    ),
    UnknownRule: _kind(
        404, "unknown-rule",
        ("그런 규칙이 없어요", "이름을 확인해 주세요. /api/v1/rules에 모두 있어요."),
        ("No such rule", "Check its name: /api/v1/rules lists them all."),
    ),
    UnknownText: _kind(
        404, "unknown-law-text",
        ("실린 글이 없어요", "그날의 이 조문은 싣지 않았어요. 법령 글은 관리자가 실을 수 있어요."),
        ("No such text was loaded", "An administrator can load texts of the law."),
    ),
    ordinances.OrdinanceRefused: _kind(
        422, "ordinance-refused",
        ("조례 값을 고쳐 주세요", "{number}번째 값: {ko}"),
        ("This cannot be an ordinance's", "Value {number}: {en}"),
    ),
    ordinances.OrdinancesSuperseded: _kind(
        409, "ordinances-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {version}번이에요. 새로 불러온 뒤 다시 고쳐 주세요."),
        ("Somebody else saved meanwhile",
         "It is version {version} now. Load it, then change it again."),
    ),
    ordinances.UnknownOrdinances: _kind(
        404, "unknown-ordinances",
        ("그런 기록이 없어요", "{version}번 조례 값은 남아 있지 않아요."),
        ("No such version", "Version {version} is not in the history."),
    ),
    budget_codes.BudgetSuperseded: _kind(
        409, "budget-superseded",
        ("그사이 다른 사람이 저장했어요",
         "{year}년 표는 지금 {version}번이에요. 새로 불러온 뒤 다시 올려 주세요."),
        ("Somebody else saved meanwhile",
         "The table of {year} is version {version} now. Load it, then send yours again."),
    ),
    budget_codes.UnknownBudgetVersion: _kind(
        404, "unknown-budget-version",
        ("그런 기록이 없어요", "{year}년 표의 {version}번은 남아 있지 않아요."),
        ("No such version", "Version {version} of {year} is not in the history."),
    ),
    TooManyStreams: FULL,
    RequestValidationError: MALFORMED,
    MalformedSite: MALFORMED,
    **dict.fromkeys(db.AWAY, AWAY),
}  # fmt: skip
BY_STATUS: Final = {
    400: UNREADABLE,
    404: NOT_FOUND,
    405: WRONG_METHOD,
    413: TOO_LARGE,
    500: BROKEN,
    503: AWAY,
}
# pydantic's kinds of error, in Korean; what is not here stays English
SAID_KO: Final = {
    "missing": "꼭 있어야 해요.",
    "string_pattern_mismatch": "쓸 수 없는 글자가 있어요.",
    "timezone_aware": "시간대가 있어야 해요. 예: 2026-11-02T12:00:00+09:00",
    "datetime_from_date_parsing": "날짜와 시각이 아니에요. 예: 2026-11-02T12:00:00+09:00",
    "datetime_parsing": "날짜와 시각이 아니에요. 예: 2026-11-02T12:00:00+09:00",
    "date_from_datetime_parsing": "날짜가 아니에요. 예: 2026-11-02",
    "date_parsing": "날짜가 아니에요. 예: 2026-11-02",
    "time_parsing": "시각이 아니에요. 예: 14:30",
    "int_parsing": "수가 아니에요.",
    "int_from_float": "소수점이 없는 수여야 해요.",
    "decimal_parsing": "수가 아니에요.",
    "greater_than_equal": "{ge}보다 작을 수 없어요.",
    "less_than_equal": "{le}보다 클 수 없어요.",
    "too_short": "적어도 {min_length}개가 있어야 해요.",
    "too_long": "{max_length}개까지 적을 수 있어요.",
    "enum": "정해진 값 가운데 하나여야 해요: {expected}",
    "extra_forbidden": "여기에는 없는 항목이에요.",
    "literal_error": "정해진 값 가운데 하나여야 해요: {expected}",
    "value_error": "2000년과 2100년 사이여야 해요.",
}


def kind_of(error: Exception) -> Kind:
    """The row of the table for an error, looked up by its class and then its parents."""
    if isinstance(error, HTTPException):
        return BY_STATUS.get(error.status_code, OTHER)
    return next((PROBLEMS[c] for c in type(error).__mro__ if c in PROBLEMS), BROKEN)


async def answer(request: Request, error: Exception) -> Response:
    """The exception handler of the application."""
    kind = kind_of(error)
    if kind is BROKEN:
        log.error("request failed", exc_info=error, extra={"path": request.url.path})
    elif kind is AWAY:
        DATABASE.away(error)
    lang = language(request.headers.get("accept-language", ""))
    headers = {k.lower(): v for k, v in (getattr(error, "headers", None) or {}).items()}
    return response(kind, request.url.path, lang, vars_of(error), _wrong(error, lang), headers)


def response(
    kind: Kind,
    path: str,
    lang: Lang,
    fields: Mapping[str, Any] | None = None,
    wrong: Sequence[WrongField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response."""
    problem = Problem(
        type=URN + kind.slug,
        title=kind.title[lang],
        status=kind.status,
        detail=kind.detail[lang].format_map(fields or {}),
        instance=path,
        errors=list(wrong) if wrong is not None else None,
    )
    return Response(
        json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=False).encode(
            errors="replace"
        ),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={
            **(headers or {}),
            **kind.headers,
            "Cache-Control": "no-store",
            "Content-Language": lang,
            "Vary": "Accept-Language",
        },
    )


def vars_of(error: Exception) -> dict[str, Any]:
    """The fields an error of ours carries."""
    return {k: v for k, v in getattr(error, "__dict__", {}).items() if not k.startswith("_")}


def language(accept_language: str) -> Lang:
    """Korean, unless English is preferred to it."""
    weight: dict[str, float] = {}
    for part in accept_language.split(","):
        tag, _, q = part.strip().partition(";q=")
        primary = tag.split("-")[0].strip().lower()
        weight[primary] = max(weight.get(primary, 0.0), _quality(q))
    return "en" if weight.get("en", 0.0) > weight.get("ko", 0.0) else "ko"


def _quality(q: str) -> float:
    try:
        return float(q) if q else 1.0
    except ValueError:
        return 0.0


def _wrong(error: Exception, lang: Lang) -> list[WrongField] | None:
    if isinstance(error, MalformedSite):
        detail = SAID_KO["string_pattern_mismatch"] if lang == "ko" else str(MalformedSite.__doc__)
        return [WrongField(where="query", name="site", detail=detail)]
    if isinstance(error, NotPossible):
        return [WrongField(where="body", name=error.field, detail=error.says)]
    if not isinstance(error, RequestValidationError):
        return None
    return [_wrong_field(e, lang) for e in error.errors()]


def _wrong_field(error: Mapping[str, Any], lang: Lang) -> WrongField:
    where, *names = (str(part) for part in error["loc"])
    said = SAID_KO.get(error["type"]) if lang == "ko" else None
    detail = said.format_map({"expected": "", **(error.get("ctx") or {})}) if said else error["msg"]
    return WrongField(where=where, name=names[0] if names else "", detail=detail)
