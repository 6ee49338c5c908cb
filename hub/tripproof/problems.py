"""What can go wrong in trip proofs, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.kit.problem import Kind, row
from hub.tripproof import errors as tripproof
from hub.tripproof import refusals as trips

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    trips.TripNotReady: row(
        409, "trip-not-ready",
        ("아직 출장 확인을 할 수 없어요", "관리자가 서버에 {missing}을(를) 준비해야 해요."),
        ("Trip proofs are not ready yet", "An administrator must provide {missing}."),
    ),
    tripproof.TripProofError: row(
        422, "trip-malformed",
        ("읽을 수 없는 출장 기록이에요", "바뀌었거나 잘린 내용이에요. 아무것도 받지 않았어요."),
        ("The bytes of this proof cannot be read", "Changed or cut. Nothing of it was taken."),
    ),
    tripproof.BadSignature: row(
        403, "trip-bad-signature",
        ("서명이 맞지 않아요", "등록한 휴대전화의 열쇠로 한 서명이 아니에요."),
        ("The signature does not fit", "It was not made by the enrolled key over these bytes."),
    ),
    trips.UnknownDevice: row(
        403, "trip-unknown-device",
        ("등록하지 않은 휴대전화예요", "로그인한 뒤 이 휴대전화를 등록해 주세요."),
        ("This phone is not enrolled", "Sign in and enrol it."),
    ),
    trips.KeyEnded: row(
        403, "trip-key-ended",
        ("끝난 열쇠예요", "다른 휴대전화를 등록했거나 폐기했어요. 로그인해서 다시 등록해 주세요."),
        ("This key has ended", "It was replaced or revoked. Sign in and enrol the phone again."),
    ),
    trips.NoConsent: row(
        403, "trip-no-consent",
        ("위치정보 동의가 없어요",
         "동의하지 않았거나, 철회했거나, 1년이 지났어요. 종이나 사진으로도 똑같이 돼요."),
        ("There is no consent",
         "Not given, withdrawn, or over a year old. Paper or a photo serves just as well."),
    ),
    trips.OtherPerson: row(
        403, "trip-other-person",
        ("다른 사람의 기록이에요", "이 휴대전화를 등록한 사람이나 기관의 것이 아니에요."),
        ("This is another person's", "It names not the person or office this key is enrolled for."),
    ),
    trips.SealedElsewhere: row(
        422, "trip-sealed-elsewhere",
        ("감사 열쇠가 달라요", "우리 감사 열쇠로 봉한 것이 아니에요. 화면을 새로 열어 주세요."),
        ("Sealed to another key", "Not to an auditor of this office. Open the page anew."),
    ),
    trips.IdTaken: row(
        409, "trip-id-taken",
        ("이미 다른 기록이 있어요", "같은 번호로 다른 내용이 먼저 기록되었어요."),
        ("Another proof is there", "Another content was recorded under this id before."),
    ),
    trips.AskStale: row(
        403, "trip-ask-stale",
        ("오래된 요청이에요", "휴대전화의 시계를 확인하고 다시 해 주세요."),
        ("This question is stale", "Check the phone's clock, then ask anew."),
    ),
    trips.ConsentChanged: row(
        409, "trip-consent-changed",
        ("동의서가 바뀌었어요", "바뀐 내용을 다시 읽고 정해 주세요."),
        ("The consent has changed", "Read it again, then decide."),
    ),
    trips.KeyTaken: row(
        409, "trip-key-taken",
        ("이미 등록한 열쇠예요", "새 열쇠를 만들어 다시 등록해 주세요."),
        ("This key is enrolled already", "Make a new key and enrol that."),
    ),
    trips.NoNumber: row(
        409, "trip-no-number",
        ("직원 번호가 없어요", "관리자에게 직원 번호를 넣어 달라고 해 주세요."),
        ("There is no staff number", "Ask an administrator to enter yours."),
    ),
    trips.NumberTaken: row(
        409, "trip-number-taken",
        ("이미 있는 직원 번호예요", "'{who}'은(는) 다른 사람의 번호예요."),
        ("This number is taken", "Somebody else has '{who}'."),
    ),
    trips.UnknownProof: row(
        404, "trip-unknown-proof",
        ("그런 출장 기록이 없어요", "번호를 확인해 주세요. 다른 사람의 기록은 보이지 않아요."),
        ("No such proof", "Check the id. Other people's are not shown."),
    ),
    trips.UnknownTripDevice: row(
        404, "trip-unknown-own-device",
        ("그런 휴대전화가 없어요", "목록을 새로 고쳐 주세요."),
        ("No such phone", "Reload the list."),
    ),
    trips.UnknownOrder: row(
        404, "trip-unknown-order",
        ("그런 출장이 없어요", "출장 번호를 확인해 주세요."),
        ("No such trip order", "Check its number."),
    ),
    trips.UnknownPlace: row(
        404, "trip-unknown-place",
        ("장소록에 없는 곳이에요", "이름을 확인해 주세요."),
        ("Not in the place book", "Check the name."),
    ),
    trips.EndsBeforeItBegins: row(
        422, "trip-ends-before-it-begins",
        ("출장 기간이 거꾸로예요", "'{trip}'의 끝이 시작보다 뒤여야 해요."),
        ("The trip ends before it begins", "The end of '{trip}' must lie after its beginning."),
    ),
    trips.TripOfAnother: row(
        409, "trip-of-another-department",
        ("다른 부서의 출장 번호예요", "'{trip}'은(는) 다른 부서가 먼저 썼어요."),
        ("Another department's number", "'{trip}' is an order of another department."),
    ),
    trips.NamesItsOrder: row(
        409, "trip-names-its-order",
        ("이미 출장명령이 있는 확인이에요", "서명할 때 적은 '{trip}'에만 이어져요."),
        ("This touch names its order", "It was signed for '{trip}' and belongs to no other."),
    ),
    trips.NotOnTheOrder: row(
        409, "trip-not-on-the-order",
        ("출장명령에 없는 직원이에요", "'{trip}'에 '{who}'이(가) 없어요. 출장명령을 고쳐 주세요."),
        ("The order does not name this person", "'{who}' is not on '{trip}'. Change that first."),
    ),
    trips.UnknownConfirmation: row(
        404, "trip-unknown-confirmation",
        ("그런 확인이 없어요", "목록을 새로 고쳐 주세요."),
        ("No such confirmation", "Reload the list."),
    ),
    trips.DayAhead: row(
        422, "trip-day-ahead",
        ("아직 오지 않은 날이에요", "{day}의 확인은 그날이 된 뒤에 적어 주세요."),
        ("That day has not come", "Write down what confirms {day} when it has come."),
    ),
    trips.ConfirmationChanged: row(
        409, "trip-confirmation-changed",
        ("그사이 다른 사람이 고쳤어요", "새로 고쳐서 지금 적힌 것을 먼저 봐 주세요."),
        ("Somebody has changed it", "Reload, look at what is there, and decide again."),
    ),
    trips.NotTheClerk: row(
        403, "trip-not-the-clerk",
        ("이 부서의 서무만 볼 수 있어요", "관리자에게 서무로 지정해 달라고 해 주세요."),
        ("Only for the clerk of the department", "Ask an administrator to name you."),
    ),
    trips.NoSuchSize: row(
        404, "trip-no-such-size",
        ("기록이 그만큼 길지 않아요", "지금의 확인점에 적힌 크기까지만 물을 수 있어요."),
        ("The log is not of that size", "Ask for sizes up to that of the newest checkpoint."),
    ),
    trips.WhyMissing: row(
        422, "trip-why-missing",
        ("여는 까닭을 적어 주세요", "why에 적은 까닭이 여는 사람과 함께 기록부에 남아요."),
        ("Say why it is opened", "What why= says stands in the log, with who opened it."),
    ),
}  # fmt: skip
