"""What is said of each class of refused messages, and what to do about it. Words only."""

from collections.abc import Mapping
from typing import Final

from hub.devices.condition_words import Lang, Pair, Said
from hub.devices.refusals import Class

WORDS: Final[Mapping[Class, tuple[Pair, Pair]]] = {
    "malformed": (
        ("읽을 수 없는 글입니다",
         "노드 프로그램의 판을 확인하세요. 우리 노드가 아니면 그 비밀번호나 인증서를 취소하세요"),
        ("It cannot be read",
         "Check the node's version. If it is no node of ours, revoke its password or certificate")),
    "version": (
        ("허브보다 새로운 판으로 말합니다",
         "허브를 새 판으로 올리세요. 그때까지 온 기록은 쓰이지 않습니다"),
        ("It speaks a later version than the hub's",
         "Update the hub. What comes until then is not used")),
    "foreign": (
        ("다른 노드의 이름을 말합니다", "복사한 카드라면 새 코드로 다시 등록하세요"),
        ("It names another node than its own", "If its card is a copy, enrol it with a new code")),
    "future": (
        ("시각이 허브보다 앞서 있습니다", "노드의 시계와 허브 서버의 시계를 확인하세요"),
        ("Its time is ahead of the hub's", "Check the node's clock and the server's")),
    "old": (
        ("보관하는 기간보다 오래된 기록입니다",
         "오래 꺼져 있던 노드라면 그대로 두세요. 아니면 시계를 확인하세요"),
        ("It is older than what is kept",
         "Leave it if the node was off for long; otherwise check its clock")),
    "unregistered": (
        ("등록하지 않은 노드입니다",
         "우리 노드이면 등록하고, 아니면 그 비밀번호나 인증서를 취소하세요"),
        ("No such node is registered",
         "Register it if it is ours; otherwise revoke its password or certificate")),
    "revoked": (
        ("등록을 취소한 노드입니다", "전원을 끄거나 새 코드로 다시 등록하세요"),
        ("Its enrolment was revoked", "Switch it off, or enrol it with a new code")),
    "twin": (
        ("두 기기가 한 이름을 씁니다", "카드를 복사한 기기를 끄고 새 코드로 등록하세요"),
        ("Two machines have this name", "Switch the copied one off and enrol it with a new code")),
    "outboxes": (
        ("기록 파일이 자꾸 새로 생깁니다", "카드를 바꾸세요. 그대로면 새 이름으로 다시 등록하세요"),
        ("Its outbox is made anew again and again",
         "Replace its card; if that does not help, enrol it under another name")),
    "size": (
        ("너무 큰 글입니다", "우리 노드가 아니면 그 비밀번호나 인증서를 취소하세요"),
        ("It is too large", "If it is no node of ours, revoke its password or certificate")),
    "topic": (
        ("노드가 말하지 않는 주제입니다",
         "같은 브로커를 쓰는 다른 프로그램을 찾아 주제를 바꾸세요"),
        ("No node says anything on this topic",
         "Find the other program on this broker and give it another topic")),
    "not_storable": (
        ("데이터베이스에 넣을 수 없었습니다",
         "허브의 로그를 보고 알려 주세요. 글은 여기에 남아 있습니다"),
        ("It could not be put into the database",
         "Look at the hub's log and report it. The message is kept here")),
}  # fmt: skip


def said(of: Class, lang: Lang) -> Said:
    """Two sentences."""
    return Said(*WORDS[of][lang == "en"])
