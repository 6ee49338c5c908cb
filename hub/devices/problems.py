"""What can go wrong in devices, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

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
from hub.kit.problem import Kind, row

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    enrolment.NodeThere: row(
        409, "node-there",
        ("이미 있는 노드예요",
         "'{node}'은(는) 이미 등록되었어요. 다른 이름을 정하거나 새 코드를 만드세요."),
        ("This node is there already",
         "'{node}' is registered. Choose another id, or make a new code."),
    ),
    enrolment.NameTooLong: row(
        422, "node-name-too-long",
        ("이름이 너무 길어요", "청사와 노드의 이름은 합쳐서 63글자까지예요."),
        ("The name is too long", "The ids of office and node have 63 characters together at most."),
    ),
    enrolment.UnknownOffice: row(
        404, "unknown-site",
        ("그런 청사가 없어요", "'{site}'은(는) 등록되지 않았어요."),
        ("No such office", "'{site}' is not registered."),
    ),
    enrolment.UnknownNode: row(
        404, "unknown-node",
        ("그런 노드가 없어요", "'{node}'은(는) 등록되지 않았어요. 목록을 새로 고쳐 주세요."),
        ("No such node", "'{node}' is not registered. Reload the list."),
    ),
    enrolment.NotReadyToEnrol: row(
        409, "not-ready-to-enrol",
        ("아직 노드를 등록할 수 없어요", "관리자가 서버에 {missing}을(를) 정해야 해요."),
        ("Nodes cannot be enrolled yet", "An administrator must set {missing} on the server."),
    ),
    node_files.NoNodeFiles: row(
        404, "no-node-files",
        ("노드에 줄 것이 없어요", "서버에서 `python -m hub node-files`를 먼저 해야 해요."),
        ("Nothing for nodes here", "Run `python -m hub node-files` on the server first."),
    ),
    enrolment.WrongCode: row(
        403, "wrong-code",
        ("쓸 수 없는 코드예요",
         "틀렸거나, 이미 썼거나, 하루가 지났어요. 허브에서 새 코드를 만드세요."),
        ("This code opens nothing",
         "It is wrong, used, or older than a day. Make a new one on the hub."),
    ),
    enrolment.TooManyCodes: row(
        429, "too-many-codes",
        ("잠시 등록할 수 없어요", "틀린 코드가 너무 많았어요. {wait_min}분 뒤에 다시 해 주세요."),
        ("You cannot enrol for a while", "Too many wrong codes: try again in {wait_min} min."),
    ),
    enrolment.NotRenewable: row(
        403, "not-renewable",
        ("갱신할 수 없는 인증서예요",
         "폐기되었거나 끝난 지 90일이 넘었어요. 허브에서 새 코드를 만드세요."),
        ("This certificate cannot be renewed",
         "It is revoked, unknown, or ended over 90 days ago. Make a new code on the hub."),
    ),
    pki.WeakKey: row(
        422, "weak-key",
        ("쓸 수 없는 열쇠예요", "P-256 곡선의 열쇠로 다시 요청해 주세요."),
        ("This key cannot be taken", "Ask again with a key on the curve P-256."),
    ),
    pki.MalformedRequest: row(
        422, "malformed-certificate-request",
        ("읽을 수 없는 인증서 요청이에요", "자기 열쇠로 서명한 PKCS #10을 PEM으로 보내 주세요."),
        ("The certificate request cannot be read",
         "Send a PKCS #10 in PEM, signed by its own key."),
    ),
    commands.UnknownCommand: row(
        404, "unknown-command",
        ("그런 명령이 없어요", "화면을 새로 고쳐 주세요."),
        ("No such command", "Reload the page."),
    ),
    pictures.PictureForgotten: row(
        404, "picture-forgotten",
        ("사진이 없어요", "사진은 받은 사람에게 10분만 보이고 지워져요. 다시 찍어 주세요."),
        ("There is no picture",
         "It is shown for ten minutes to whoever asked, then forgotten. Ask for a new one."),
    ),
    pictures.WrongKey: row(
        403, "wrong-picture-key",
        ("이 열쇠로는 열리지 않아요", "사진을 부탁한 화면에서만 볼 수 있어요. 다시 찍어 주세요."),
        ("This key does not open it", "Only the page that asked can show it. Ask for a new one."),
    ),
    drawing.DrawingRefused: row(
        422, "drawing-refused",
        ("이 그림으로는 셀 수 없어요", "{ko}"),
        ("Nobody can count with this drawing", "{en}"),
    ),
    drawing.DrawingSuperseded: row(
        409, "drawing-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {revision}번이에요. 새로 불러온 뒤 다시 그려 주세요."),
        ("Somebody else saved meanwhile",
         "It is revision {revision} now. Load it, then draw again."),
    ),
    drawing.UnknownRevision: row(
        404, "unknown-revision",
        ("그런 기록이 없어요", "{revision}번 설정은 남아 있지 않아요."),
        ("No such revision", "Revision {revision} is not in the history."),
    ),
    site_page.SiteSuperseded: row(
        409, "site-superseded",
        ("그사이 다른 사람이 저장했어요",
         "지금은 {version}번이에요. 새로 불러온 뒤 다시 고쳐 주세요."),
        ("Somebody else saved meanwhile",
         "It is version {version} now. Load it, then change it again."),
    ),
    site_page.UnknownVersion: row(
        404, "unknown-version",
        ("그런 기록이 없어요", "{version}번 설정은 남아 있지 않아요."),
        ("No such version", "Version {version} is not in the history."),
    ),
    meals.MealsUnreadable: row(
        422, "meals-unreadable",
        ("식단을 읽지 못했어요", "{ko}"),
        ("No meals can be read from it", "{en}"),
    ),
    alerts.UnknownAlert: row(
        404, "unknown-alert",
        ("그런 알림이 없어요", "이미 끝난 알림일 수 있어요. 화면을 새로 고쳐 주세요."),
        ("No such alert", "It may be over already. Reload the page."),
    ),
}  # fmt: skip
