"""The consent that a phone shows before it proves anything, and for how long one holds.

The text is known by its hash: whoever consented did so to exactly these words. A changed text asks
everybody anew at their next enrolment or renewal; consents that were given stay what they are. So a
change of purpose, items, time or readers needs more: docs/trip-consent.ko.md, which also says for
each paragraph what it rests on.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Final

LASTS: Final = timedelta(days=365)
TEXT: Final = """\
개인위치정보 수집·이용·보관 동의 (출장 확인)

1. 무엇을 모으는가: 출장 확인 단추를 누른 그 순간의 위치(위도·경도·정확도)와 시각, 직원 번호, \
부서, 출장 번호. 본인이 더하면 현장 사진의 지문값과 메모. 누르지 않으면 아무것도 모으지 않으며, \
이동 경로를 따라가며 기록하지 않습니다.
2. 무엇에 쓰는가: 출장을 다녀왔음을 확인하는 증빙 자료로, 그리고 그 감사에 씁니다. 근무 평가나 \
근태 감시에는 쓰지 않습니다.
3. 누가 무엇을 보는가: 좌표는 감사 담당자만 자신의 열쇠로 열어 볼 수 있습니다. 기록을 가져가 연 \
사실과 그 까닭이 기록부에 남습니다. 부서의 서무는 출장 번호, 시각(분), 목적지 안인지 가까운지 \
밖인지, 거리의 대략, 등급과 까닭만 봅니다. 관리자도 화면이나 저장된 자료에서 좌표를 \
볼 수 없습니다. 다른 기관에 주지 않습니다.
4. 언제까지인가: 이 동의는 준 날부터 1년이며, 이어 쓰려면 다시 동의를 받습니다. 좌표는 분기별로 \
보관하다가 그 분기의 열쇠를 없애어 한꺼번에 파기합니다. 휴대전화에 남은 사본과 종이에 인쇄한 QR \
코드는 감사 담당자의 그 분기 열쇠를 없앨 때까지 감사 담당자가 읽을 수 있습니다. 좌표가 없는 \
기록(등급과 까닭, 서명)은 그 뒤에도 남습니다.
5. 거부할 수 있습니다: 동의하지 않아도 불이익이 없습니다. 종이 확인서나 현장 사진으로 똑같이 \
출장을 확인받으며, 두 길은 같은 효력으로 다룹니다.
6. 그만둘 수 있습니다: 언제든지 이 화면에서 동의를 철회할 수 있고, 그때부터 아무것도 받지 \
않으며 이 휴대전화의 열쇠도 끝납니다. 이미 받은 좌표는 그 분기와 함께 파기합니다. 더 일찍 \
파기해 달라고 요구할 수 있습니다.
7. 물어볼 수 있습니다: 내 기록은 이 화면에서 봅니다. 열람, 정정, 삭제, 잠시 멈춤을 요구할 수 \
있고, 등급에는 소명할 수 있습니다. 문의는 감사 담당 부서에, 개인정보에 관한 것은 개인정보 \
보호책임자에게 하십시오. 연락처는 우리 기관의 개인정보 처리방침에 있습니다.
8. 열쇠의 지문: 이 글 아래에 감사 담당자 열쇠의 지문이 있습니다. 감사 담당 부서가 알린 것과 \
같은지 보십시오. 이 휴대전화는 그 열쇠로만 좌표를 잠그며, 열쇠가 바뀌면 앞 열쇠의 서명이 있거나 \
다시 동의를 받은 때에만 따릅니다.
9. 무엇이 아닌가: 이 기록은 운임과 숙박비 영수증을 대신하지 않으며, 거기에 있었다고 단정하지 \
않습니다. 등급과 까닭을 말할 뿐이고 판단은 사람이 합니다.
"""
SHA256: Final = sha256(TEXT.encode()).digest()
