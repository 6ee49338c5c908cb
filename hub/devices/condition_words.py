"""What is said of each cause, and what to do about it, in Korean and English. Words only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from hub.devices.condition import Cause

Lang = Literal["ko", "en"]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One cause in words: what is so, and what to do."""

    said: str
    to_do: str


WORDS: Final[Mapping[Cause, tuple[Pair, Pair]]] = {
    Cause.REVOKED: (
        ("등록이 취소되었습니다", "다시 쓰려면 새 등록 코드를 만들어 넣으세요"),
        ("Its enrolment was revoked", "To use it again, enrol it with a new code")),
    Cause.TWIN: (
        ("두 기기가 한 이름을 씁니다", "카드를 복사한 기기를 끄고 새 코드로 등록하세요"),
        ("Two machines have this name", "Switch the copied one off and enrol it with a new code")),
    Cause.MISSING: (
        ("{ago_ko} 소식이 없습니다", "전원과 네트워크를 확인하세요"),
        ("Nothing heard for {ago_en}", "Check its power and its network")),
    Cause.NEVER_HEARD: (
        ("아직 한 번도 연결되지 않았습니다", "카드를 넣고 전원을 켜세요"),
        ("It has never connected", "Put the card in and switch it on")),
    Cause.CAMERA_FAULT: (
        ("카메라에 문제가 있습니다", "카메라 케이블을 확인하고 다시 시작하세요"),
        ("The camera has a fault", "Check the camera cable and restart")),
    Cause.CAMERA_STALLED: (
        ("카메라 화면이 {age_s}초째 멈췄습니다", "카메라 케이블을 확인하고 다시 시작하세요"),
        ("No picture for {age_s} s", "Check the camera cable and restart")),
    Cause.NO_COUNTS: (
        ("켜져 있지만 {ago_ko} 사람 수가 오지 않습니다", "노드를 다시 시작하세요"),
        ("It is on, but no counts for {ago_en}", "Restart the node")),
    Cause.CONFIG_REFUSED: (
        ("새 구역 설정을 받지 않았습니다", "구역을 다시 그려 저장하세요"),
        ("It refused the new zones", "Draw the zones again and save")),
    Cause.LID_OPEN: (
        ("뚜껑이 열려 있습니다", "누가 열었는지 확인하고 뚜껑을 닫으세요"),
        ("Its box is open", "See who opened it, and close the lid")),
    Cause.UNDER_VOLTAGE: (
        ("전원이 약합니다", "정품 5V 5A 어댑터로 바꾸세요"),
        ("The power is too weak", "Use the original 5 V 5 A adapter")),
    Cause.DISK_LOW: (
        ("저장 공간이 {free_mb} MB 남았습니다", "더 큰 카드로 바꾸세요"),
        ("{free_mb} MB of disk left", "Use a larger card")),
    Cause.HOT: (
        ("{temperature_c} °C로 뜨겁습니다", "팬과 통풍구를 확인하고 햇빛을 피하세요"),
        ("It is hot: {temperature_c} °C", "Check the fan and the vents; keep it out of the sun")),
    Cause.THROTTLED: (
        ("느리게 돌고 있습니다", "어댑터와 팬을 확인하세요"),
        ("It slows itself down", "Check the adapter and the fan")),
    Cause.LOSSES: (
        ("하루 사이 기록 {windows}건을 잃었습니다", "노드 화면에서 까닭을 확인하세요"),
        ("{windows} windows lost within a day", "See why on the node's page")),
    Cause.BACKLOG: (
        ("{minutes}분 치 기록이 밀려 있습니다", "네트워크를 확인하세요. 이어지면 저절로 보냅니다"),
        ("{minutes} min of counts wait", "Check the network; they go out once it is back")),
    Cause.DEAD_LETTERS: (
        ("읽을 수 없는 기록이 {times}건 왔습니다", "노드 프로그램을 새 판으로 올리세요"),
        ("{times} messages could not be read", "Update the node")),
    Cause.NO_CLOCK: (
        ("시계가 맞춰지지 않았습니다", "허브나 시간 서버에 닿는지 확인하세요"),
        ("Its clock is not set", "Check that it reaches the hub or a time server")),
    Cause.CLOCK_OFF: (
        ("시계가 {seconds}초 어긋났습니다", "시간 서버 설정을 확인하세요"),
        ("Its clock is {seconds} s off", "Check the time server")),
    Cause.CERTIFICATE_ENDING: (
        ("인증서가 {days}일 뒤 끝납니다", "허브에 닿는지 확인하거나 새 코드로 등록하세요"),
        ("Its certificate ends in {days} days", "Check that it reaches the hub, or enrol it anew")),
    Cause.COUNT_STUCK: (
        ("{zone} 사람 수가 하루 내내 그대로입니다", "카메라가 구역을 보고 있는지 확인하세요"),
        ("{zone}: the count has not changed for a day", "Check that the camera sees the zone")),
    Cause.COUNT_STRAYED: (
        ("{zone} 사람 수가 평소와 크게 다릅니다", "카메라가 움직였는지 확인하세요"),
        ("{zone}: the count is far from usual", "Check whether the camera was moved")),
    Cause.LENS_DIM: (
        ("{zone} 화면이 흐려지고 있습니다", "렌즈를 마른 천으로 닦으세요"),
        ("{zone}: the picture gets dim", "Wipe the lens with a dry cloth")),
    Cause.SLOW: (
        ("평소보다 느립니다: 초당 {frames_per_s}장 (평소 {usual}장)", "다시 시작해 보세요"),
        ("Slower than usual: {frames_per_s} frames/s (usually {usual})", "Try a restart")),
    Cause.WIFI_WEAK: (
        ("와이파이가 약합니다 ({dbm} dBm)", "공유기를 가까이 두거나 랜선을 꽂으세요"),
        ("Weak Wi-Fi ({dbm} dBm)", "Move the access point closer, or use a cable")),
    Cause.UNDER_VOLTAGE_BEFORE: (
        ("켜진 뒤 전원이 약했던 적이 있습니다", "정품 5V 5A 어댑터인지 확인하세요"),
        ("The power was too weak since it started", "Check for the original 5 V 5 A adapter")),
    Cause.THROTTLED_BEFORE: (
        ("켜진 뒤 느려졌던 적이 있습니다", "팬과 통풍구를 확인하세요"),
        ("It slowed itself down since it started", "Check the fan and the vents")),
    Cause.VERSION_BEHIND: (
        ("프로그램이 옛 판입니다 ({version})", "새 판 {newest}(으)로 올리세요"),
        ("Its program is old ({version})", "Update it to {newest}")),
    Cause.PAUSED: (
        ("누군가 단추를 눌러 쉬고 있습니다", "{again_ko}"),
        ("Somebody paused it with its button", "{again_en}")),
}  # fmt: skip


def said(cause: Cause, figures: Mapping[str, Any], lang: Lang) -> Said:
    """A cause in words."""
    what, to_do = WORDS[cause][0 if lang == "ko" else 1]
    silent_s = float(figures.get("silent_s", 0))
    told = {**figures, "ago_ko": _ago(silent_s, "ko"), "ago_en": _ago(silent_s, "en")}
    told |= _again(figures.get("minutes"))
    return Said(what.format_map(told), to_do.format_map(told))


def _again(minutes: int | None) -> dict[str, str]:
    """When a pause ends, as far as the node said so."""
    if minutes is None:
        return {
            "again_ko": "쉬는 시간이 끝나면 저절로 다시 켜져요",
            "again_en": "It goes on by itself when the pause ends",
        }
    return {
        "again_ko": f"{minutes}분 {'뒤' if minutes > 1 else '안에'} 다시 켜져요",
        "again_en": f"It goes on by itself {'in' if minutes > 1 else 'within'} {minutes} min",
    }


def _ago(age_s: float, lang: Lang) -> str:
    minutes = max(1, round(age_s / 60))
    for size, ko, en in ((1440, "일", "d"), (60, "시간", "h"), (1, "분", "min")):
        if minutes >= size:
            return f"{minutes // size}{ko}째" if lang == "ko" else f"{minutes // size} {en}"
    raise AssertionError("a minute is the least")
