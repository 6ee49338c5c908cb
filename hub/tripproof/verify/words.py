"""What the verifier's checks are called, in Korean and English."""

from enum import StrEnum
from typing import Final

from hub.tripproof.words import Said


class CheckName(StrEnum):
    """Each thing that is looked at."""

    READABLE = "readable"
    KEYS_HELD = "keys_held"
    CHECKPOINT = "checkpoint"
    COSIGNED = "cosigned"
    IN_LOG = "in_log"
    HELD = "held"
    VERDICT_SIGNED = "verdict_signed"
    VERDICT_LOGGED = "verdict_logged"
    VERDICT_FITS = "verdict_fits"
    SEALED_LOGGED = "sealed_logged"
    OPENED = "opened"
    STATEMENT_LOGGED = "statement_logged"
    DEVICE = "device"
    STATEMENT_FITS = "statement_fits"
    RELATED = "related"
    COMPLETE = "complete"
    ORDER = "order"
    BODIES = "bodies"
    ROOTS = "roots"
    FORK = "fork"


CHECKS: Final[dict[CheckName, Said]] = {
    CheckName.READABLE: ("파일을 읽을 수 있음", "the file can be read"),
    CheckName.KEYS_HELD: (
        "청사 서버의 열쇠를 미리 가지고 있음", "the hub's keys are held beforehand"),
    CheckName.CHECKPOINT: ("확인점에 청사 서버가 서명함", "the hub signed the checkpoint"),
    CheckName.COSIGNED: (
        "확인점에 다른 기관이 함께 서명함", "a second office signed the checkpoint too"),
    CheckName.IN_LOG: ("이 기록이 기록부에 들어 있음", "this entry is in the log"),
    CheckName.HELD: (
        "가지고 있던 확인점과 이어짐", "the log goes on from the checkpoint that is held"),
    CheckName.VERDICT_SIGNED: ("판정에 청사 서버가 서명함", "the hub signed the verdict"),
    CheckName.VERDICT_LOGGED: ("기록된 판정 그대로임", "it is the verdict that was logged"),
    CheckName.VERDICT_FITS: ("판정이 이 기록의 것임", "the verdict belongs to this entry"),
    CheckName.SEALED_LOGGED: ("기록된 봉인문 그대로임", "it is the sealed proof that was logged"),
    CheckName.OPENED: ("감사 열쇠로 열림", "the auditor's key opens it"),
    CheckName.STATEMENT_LOGGED: ("기록된 진술 그대로임", "it is the statement that was logged"),
    CheckName.DEVICE: ("등록된 기기가 서명함", "an enrolled device signed it"),
    CheckName.STATEMENT_FITS: ("판정이 진술과 맞음", "the verdict fits the statement"),
    CheckName.RELATED: ("함께 온 기록이 기록부에 들어 있음", "what came along is in the log"),
    CheckName.COMPLETE: ("빠진 기록이 없음", "no entry is missing"),
    CheckName.ORDER: ("기록의 차례가 바르고 시각이 거꾸로 가지 않음", "the entries are in order"),
    CheckName.BODIES: ("판정과 붙임이 기록된 그대로임", "verdicts and records are as logged"),
    CheckName.ROOTS: (
        "기록부가 서명된 확인점과 맞음", "the log leads to the roots that were signed"),
    CheckName.FORK: ("기록부가 갈라지지 않음", "the log was not forked"),
}  # fmt: skip
