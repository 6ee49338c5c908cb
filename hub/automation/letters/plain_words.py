"""Hard words and the plain ones that say the same. Written by us; advice only, nobody is bound.

A new word is one more line. A plain word must not itself be a hard one, and must fit wherever the
hard one stood with its particle: `wording` changes 을 into 를 where the last sound asks for it.
"""

from typing import Final


def _pairs(table: str) -> dict[str, str]:
    """Hard word > plain word, one pair a line."""
    rows = (line.partition(" > ") for line in table.strip().splitlines())
    return {hard: plain for hard, _, plain in rows}


def _words(text: str) -> list[str]:
    return text.split()


NOUNS: Final = _pairs("""
금일 > 오늘
명일 > 내일
익일 > 다음 날
익월 > 다음 달
익년 > 다음 해
작일 > 어제
금번 > 이번
금회 > 이번
차회 > 다음번
금년 > 올해
금년도 > 올해
동년 > 같은 해
시달 > 알림
하달 > 전달
상신 > 보고
상기 내용 > 위 내용
하기 내용 > 아래 내용
하기와 같이 > 아래와 같이
상기와 같이 > 위와 같이
동법 > 같은 법
제반 사항 > 모든 사항
제반 여건 > 여러 여건
당해 연도 > 해당 연도
당해 사업 > 해당 사업
시달 사항 > 알릴 사항
지시 하달 > 지시 전달
게첨 > 내걺
가일층 > 한층 더
간극 > 틈
노임 > 품삯
동절기 > 겨울철
하절기 > 여름철
미비점 > 모자란 점
부락 > 마을
부지불식간 > 모르는 사이
불하 > 매각
수의시담 > 가격 협의
언더패스 > 지하 차도
오버홀 > 분해 점검
워크숍 > 공동 연수
워킹그룹 > 실무단
가이드라인 > 지침
거버넌스 > 민관 협치
네트워킹 > 관계망 형성
니즈 > 수요
로드맵 > 이행안
리플릿 > 홍보 전단
마스터플랜 > 종합 계획
모니터링 > 점검
바우처 > 이용권
벤치마킹 > 본따르기
브레인스토밍 > 난상 토론
스크린도어 > 안전문
슬로건 > 표어
시너지 > 상승효과
아카이브 > 자료 보관소
이슈 > 쟁점
인센티브 > 혜택
인프라 > 기반 시설
컨설팅 > 상담
컨트롤타워 > 지휘 본부
클러스터 > 협력 지구
킥오프 회의 > 첫 회의
테스트베드 > 시험장
팸플릿 > 소책자
패러다임 > 틀
프로세스 > 절차
피드백 > 의견
힐링 > 치유
핫라인 > 직통 전화
홈페이지 > 누리집
리스크 > 위험
레시피 > 조리법
데드라인 > 마감
체크리스트 > 점검표
회람 > 돌려 보기
상기 사항 > 위 사항
가계약 > 임시 계약
가료 > 치료
간선도로변 > 큰길가
갑지 > 앞장
견출지 > 찾음표
고수부지 > 둔치
구좌 > 계좌
굴토 > 땅파기
노견 > 갓길
답신 > 회신
대합실 > 맞이방
매점매석 > 사재기
몽리면적 > 물 대는 면적
불입 > 납입
선람 > 먼저 봄
성료 > 성공적으로 마침
수범 사례 > 모범 사례
시건장치 > 잠금장치
식재 > 나무 심기
엽연초 > 잎담배
우수관 > 빗물관
우측 > 오른쪽
좌측 > 왼쪽
유관기관 > 관계 기관
음용수 > 먹는 물
임석 > 참석
잔여 기간 > 남은 기간
잔여 물량 > 남은 물량
잔여 예산 > 남은 예산
잔반 > 남은 음식
절취선 > 자르는 선
증빙서 > 증거 서류
징구 > 받음
차년도 > 다음 연도
착수계 > 착수 신고서
첨두시간 > 가장 붐비는 시간
초도순시 > 첫 방문
최촉 > 재촉
타 기관 > 다른 기관
타 부서 > 다른 부서
타 시도 > 다른 시도
폐문 > 문 닫음
행선지 > 가는 곳
회부 > 넘김
""")

PHRASES: Final = _pairs("""
필히 > 반드시
기필코 > 반드시
속히 > 빨리
조속히 > 빨리
일응 > 일단
가급적 > 될 수 있으면
상호간 > 서로
공히 > 함께
여하히 > 어떻게
왕왕 > 이따금
재차 > 다시
추후 > 나중에
""")

VERBS: Final = _pairs("""
시달 > 전달
하달 > 전달
상신 > 보고
불하 > 매각
불입 > 납입
임석 > 참석
답신 > 회신
가료 > 치료
최촉 > 재촉
모니터링 > 점검
컨설팅 > 상담
""")
"""What stands before 하다 and 되다 for those of `NOUNS` that take it; others are only told."""

ACRONYMS: Final = _pairs("""
MOU > 업무협약
TF > 전담 조직
TFT > 전담팀
R&D > 연구개발
SNS > 누리소통망
IoT > 사물인터넷
ICT > 정보통신기술
AI > 인공지능
GIS > 지리정보시스템
CEO > 최고경영자
FTA > 자유무역협정
SOC > 사회기반시설
OJT > 직장 내 교육
Q&A > 질의응답
FAQ > 자주 묻는 질문
B2B > 기업 간 거래
ODA > 공적개발원조
NGO > 비정부기구
ESG > 환경·사회·투명 경영
VR > 가상현실
UAM > 도심항공교통
RFP > 제안요청서
KPI > 핵심성과지표
""")
COMMON: Final = frozenset(
    _words("""
PC TV USB CCTV KTX SRT LED LCD PDF HWP HWPX QR CD DVD ATM EU UN GPS LPG LNG CNG ID IC PIN SMS URL
OK NO VAT CPU GPU RAM SSD HDD HDMI OS LAN VPN LTE CPR AED HP LG KT SK KS ISO DB
IP KB MB GB TB KG KM CM MM AM PM HTML XML JSON CSV ZIP
""")
)
"""Letters that everybody reads."""
