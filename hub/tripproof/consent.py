"""The consent that a phone shows before it proves anything, and for how long one holds.

The text is known by its hash: whoever consented did so to exactly these words. A changed text asks
everybody anew at their next enrolment or renewal; consents that were given stay what they are.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Final

LASTS: Final = timedelta(days=365)
TEXT: Final = """\
개인위치정보 수집·이용 동의 (출장 확인)

1. 무엇을: 출장 확인 단추를 누른 그 순간의 위치(위도·경도·정확도)와 시각, 직원 번호, 부서, \
출장 번호. 누르지 않으면 아무것도 모으지 않으며, 이동 경로를 따라가며 기록하지 않습니다.
2. 왜: 출장을 다녀왔음을 확인하는 증빙 자료로 쓰기 위해서입니다. 근무 평가에는 쓰지 않습니다.
3. 누가 보는가: 좌표는 감사 담당자만 자신의 열쇠로 열어 볼 수 있습니다. 서무와 관리자는 \
등급과 까닭, 목적지 안인지 밖인지만 봅니다. 감사 담당자가 좌표를 열면 그 사실이 기록에 남습니다.
4. 언제까지: 동의한 날부터 1년입니다. 1년이 지나면 다시 동의를 받습니다. 보관한 좌표는 \
분기별 열쇠를 없애는 방법으로 파기합니다. 휴대전화에 남은 사본과 종이에 인쇄한 QR 코드는 \
감사 담당자의 그 분기 열쇠를 없앨 때까지 감사 담당자가 읽을 수 있습니다.
5. 거부할 수 있습니다: 동의하지 않아도 불이익이 없습니다. 종이 확인서나 현장 사진으로 똑같이 \
출장을 확인받을 수 있습니다.
6. 그만둘 수 있습니다: 언제든지 이 화면에서 동의를 철회할 수 있고, 그때부터 아무것도 받지 않습니다.
7. 무엇이 아닌가: 이 기록은 운임과 숙박비 영수증을 대신하지 않으며, 거기에 있었다고 단정하지 \
않습니다. 등급과 까닭을 말할 뿐이고 판단은 사람이 합니다. 등급에는 소명할 수 있습니다.
"""
SHA256: Final = sha256(TEXT.encode()).digest()
