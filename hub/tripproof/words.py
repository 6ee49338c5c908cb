"""What people are told, in Korean and English: reasons, grades, places, and a verifier's checks.

One place for all of it. Nothing here says that somebody was somewhere, or that somebody did wrong.
"""

from enum import StrEnum
from typing import Final

from hub.tripproof.leaf import LeafType
from hub.tripproof.reasons import Reason
from hub.tripproof.statement import Kind
from hub.tripproof.verdict import Grade, Place

Said = tuple[str, str]
"""Korean, English."""

REASONS: Final[dict[Reason, Said]] = {
    Reason.NO_PLACE: ("위치 없이 시각만 기록되었습니다.", "Only the time was recorded, no place."),
    Reason.ACCURACY_COARSE: (
        "위치 오차가 100 m를 넘습니다.", "The place is known to more than 100 m only."),
    Reason.ACCURACY_POOR: (
        "위치 오차가 500 m를 넘습니다.", "The place is known to more than 500 m only."),
    Reason.FIX_OLD: (
        "위치를 잡은 때와 서명한 때가 다릅니다.",
        "The place was found well before or after signing."),
    Reason.NEAR: ("출장지 부근입니다.", "Near the destination, not at it."),
    Reason.OUTSIDE: ("출장지에서 떨어진 곳입니다.", "Away from the destination."),
    Reason.DESTINATION_UNKNOWN: (
        "출장지 좌표가 없어 거리를 비교하지 않았습니다.",
        "The destination has no coordinates, so no distance was compared."),
    Reason.OFFLINE: ("나중에 전송되었습니다.", "It was sent later."),
    Reason.LATE: (
        "하루가 지나 전송되어 시각의 범위가 넓습니다.",
        "It was sent after more than a day, so its time is loosely bounded."),
    Reason.CLOCK_AHEAD: ("휴대전화 시계가 빠릅니다.", "The phone's clock is ahead."),
    Reason.CLOCK_BEHIND: ("휴대전화 시계가 느립니다.", "The phone's clock is behind."),
    Reason.CHALLENGE_NONE: (
        "미리 받아 둔 확인번호가 떨어진 상태였습니다.", "The phone had no challenge left."),
    Reason.CHALLENGE_UNKNOWN: (
        "이 기기에 준 적이 없는 확인번호입니다.", "Its challenge was not given to this device."),
    Reason.CHALLENGE_REUSED: (
        "다른 증빙이 이미 쓴 확인번호입니다.", "Another proof has used its challenge."),
    Reason.CHALLENGE_EXPIRED: (
        "기한이 지난 확인번호로 서명되었습니다.", "It was signed with an expired challenge."),
    Reason.COUNTER_GAP: (
        "이 기기의 앞선 기록 가운데 아직 오지 않은 것이 있습니다.",
        "Earlier ones of this device have not arrived."),
    Reason.OUT_OF_ORDER: (
        "이 기기의 뒤 기록이 먼저 도착했습니다.", "A later one of this device arrived first."),
    Reason.CHAIN_BROKEN: (
        "앞 기록과 이어지지 않습니다.", "It does not follow the one that it names."),
    Reason.CLASH: (
        "한 기기 열쇠가 같은 순번으로 두 번 서명했습니다.",
        "One device key signed two proofs with the same number."),
    Reason.SAME_PHONE: (
        "같은 휴대전화에서 다른 직원의 기록이 비슷한 때에 있습니다.",
        "The same phone made another person's proof at about that time."),
    Reason.TOO_FAST: (
        "앞 기록의 위치에서 그 시간에 오기 어려운 거리입니다.",
        "Hard to reach from the place before in that time."),
    Reason.TIME_REVERSED: (
        "앞 기록보다 위치 시각이 이릅니다.", "Its fix is earlier than that of the one before."),
    Reason.PREVIOUS_MISSING: (
        "앞 기록이 함께 오지 않아 이동 속도를 보지 않았습니다.",
        "The one before was not sent along, so speed was not looked at."),
    Reason.NO_ORDER: ("아직 출장명령과 이어지지 않았습니다.", "Not linked to a trip order yet."),
    Reason.OUTSIDE_DATES: ("출장 기간 밖의 기록입니다.", "Outside the dates of the order."),
    Reason.OTHER_PERSON: ("출장명령에 없는 직원입니다.", "The order does not name this person."),
    Reason.KEY_ENDED: (
        "도착했을 때 이 기기의 열쇠는 이미 끝난 상태였습니다.",
        "The device's key had ended when it arrived."),
}  # fmt: skip

GRADES: Final[dict[Grade, Said]] = {
    Grade.A: ("A: 살핀 점에서 물을 것이 없습니다.", "A: nothing to ask in what was looked at."),
    Grade.B: ("B: 함께 살필 점이 있습니다.", "B: there is something to look at as well."),
    Grade.C: ("C: 다른 자료와 함께 보아야 합니다.", "C: to be read together with other evidence."),
}
PLACES: Final[dict[Place, Said]] = {
    Place.UNKNOWN: ("비교할 좌표 없음", "no coordinates to compare"),
    Place.INSIDE: ("출장지 안", "at the destination"),
    Place.NEAR: ("출장지 부근", "near the destination"),
    Place.OUTSIDE: ("출장지 밖", "away from the destination"),
}
KINDS: Final[dict[Kind, Said]] = {
    Kind.ARRIVE: ("도착", "arrival"),
    Kind.DEPART: ("출발", "departure"),
    Kind.WAYPOINT: ("경유", "on the way"),
}
LEAVES: Final[dict[LeafType, Said]] = {
    LeafType.PROOF: ("증빙", "proof"),
    LeafType.UNCHECKED: ("검사하지 않은 봉인문", "unchecked sealed proof"),
    LeafType.ENROLMENT: ("기기 등록", "enrolment"),
    LeafType.REVOCATION: ("기기 해지", "revocation"),
    LeafType.ORDER: ("출장명령", "trip order"),
    LeafType.POLICY: ("판정 기준", "policy"),
    LeafType.KEYS: ("열쇠 목록", "key set"),
    LeafType.APPEAL: ("소명", "appeal"),
    LeafType.ACCESS: ("좌표 열람", "access to coordinates"),
    LeafType.DESTRUCTION: ("파기", "destruction"),
    LeafType.LINK: ("출장명령 연결", "link to an order"),
    LeafType.NEW_VERDICT: ("다시 한 판정", "new verdict"),
    LeafType.CONSENT: ("동의", "consent"),
}


class Answer(StrEnum):
    """A verifier's answer."""

    GENUINE = "genuine"
    CHANGED = "changed"
    UNKNOWN = "unknown"


ANSWERS: Final[dict[Answer, Said]] = {
    Answer.GENUINE: (
        "진짜: 기록된 뒤로 바뀌지 않았습니다.", "Genuine: unchanged since it was recorded."),
    Answer.CHANGED: (
        "바뀜: 서명된 것과 맞지 않는 것이 있습니다.",
        "Changed: something contradicts what was signed."),
    Answer.UNKNOWN: (
        "알 수 없음: 견줄 것이 모자랍니다.", "Unknown: something to compare with is missing."),
}  # fmt: skip
LIMIT: Final[Said] = (
    "이 결과는 누가 어디에 있었는지를 증명하지 않습니다. 판단은 사람이 합니다.",
    "This does not prove where anybody was. A person decides.",
)
