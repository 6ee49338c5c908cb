/** What stands on the front page of the automations beside the questions that the hub names. */
import type { components } from '#lib/api/schema.d.ts';

export type Question = components['schemas']['QuestionSeen'];
export type Field = components['schemas']['FieldSeen'];
export type Answer = components['schemas']['AnswerSeen'];
export type Cited = components['schemas']['CitedSeen'];
export type Group = 'paper' | 'accounting' | 'attendance' | 'travel' | 'rules';

export interface Tool {
	group: Group;
	href: string;
	title: string;
	says: string;
	/** What people call it too. */
	also: string;
}

const GROUPS: Record<Question['group'], Group> = {
	회계: 'accounting', 복무: 'attendance', 출장: 'travel', 공문서: 'paper'
};

/** Pages that are more than a form. */
export const PAGES: readonly Tool[] = [
	{ group: 'paper', href: '/do/letter', title: '공문서 쓰기와 고치기', says: '띄어쓰기·항목·붙임·끝·금액을 조문대로. 한글 파일로', also: '기안문 공문 시행문 내부결재 맞춤법 온나라 기안 한글 hwpx' },
	{ group: 'accounting', href: '/do/business-number', title: '사업자번호 조회', says: '영업 중인지, 어떤 증빙을 받는지. 백 개까지 한 번에', also: '거래처 폐업 휴업 국세청 홈택스 사업자등록' },
	{ group: 'accounting', href: '/do/business-number/book', title: '거래처 장부', says: '우리 기관의 거래처를 번호와 이름으로', also: '업체 사업자번호 상호' },
	{ group: 'attendance', href: '/do/calendar', title: '업무 달력', says: '언제까지 무엇을 해야 하는지. 내 달력에 구독도', also: '기한 일정 마감 원천세 납부 연가 출납폐쇄 지방공휴일 ics' },
	{ group: 'accounting', href: '/do/splitting', title: '쪼개기 점검', says: '계약대장을 넣으면 합해서 방법이 달라지는 계약을 찾아요', also: '분할계약 분리발주 수의계약 나눠 계약대장 감사 계약 쪼개기' },
	{ group: 'travel', href: '/do/travel-papers', title: '출장신청·여비정산', says: '신청서와 정산서를 한글 파일로, 여비까지 셈해서', also: '출장신청서 여비정산서 복명서 출장비 hwpx' },
	{ group: 'rules', href: '/do/changes', title: '무엇이 언제부터 바뀌었나', says: '법이 바뀐 값을 날짜 순서로', also: '개정 시행일 법령' },
	{ group: 'rules', href: '/do/rules', title: '규칙과 조문', says: '셈에 쓰는 모든 값과 그 근거 조문', also: '법령 원문 근거 조례' },
	{ group: 'rules', href: '/do/ordinances', title: '우리 기관의 조례', says: '나라의 값과 다르게 정한 것', also: '여비 조례 규칙 설정' },
	{ group: 'rules', href: '/do/budget-codes', title: '통계목 찾기', says: '무슨 과목으로 쓰는지, 회계연도마다', also: '예산과목 편성목 201-01 사무관리비' }
];

/** Other words for a question, by its name. */
const ALSO: Record<string, string> = {
	withholding: '소득세 기타소득 사업소득 3.3% 8.8% 일용 인건비 수당 회의 위원 상금 사례비 강의료 원고료 원천세 세금',
	vat: '부가세 공급가액 세금계산서 면세 세금',
	'contract-method': '수의계약 입찰 계약서 1인 견적 2인 나라장터 물품 용역 공사 견적서 소액',
	'contract-dates': '검수 대금 준공 납품 14일 5일 검사조서',
	delay: '지체상금 지체일수 지연 늦음',
	bond: '계약보증금 입찰보증금 이행보증 보증서',
	'defect-bond': '하자보증 하자이행',
	advance: '선급금 선금급',
	closing: '연말 출납폐쇄 이월 마감 회계연도 결산',
	'petty-cash': '일상경비 출납원 교부',
	estimate: '개산급 반납 가지급',
	'request-text': '품의서 구매 기안 물건 사기 다과',
	'payment-text': '지출결의서 적요 결의',
	receipt: '영수증 법카 법인카드 신용카드 세금계산서 현금영수증 간이과세 증빙',
	'annual-leave': '연차 휴가 재직기간 반차 반가 지각 조퇴 외출 병가 공제',
	'leave-pay': '연가 보상 미사용 연차수당',
	overtime: '초과근무 초과 야근 수당 시간외 휴일근무 주말',
	'shift-pay': '야간수당 휴일수당 교대 현업 당직 주말 수당',
	'overtime-leave': '초과근무 대체휴무 저축',
	'leave-days': '휴가 며칠 공휴일 반차 연차 주말',
	'sick-leave': '아플 때 진단서 질병 입원 병원',
	'leave-carried': '연차 저축 이월',
	'leave-ahead': '연차 미리',
	'leave-plan': '연가사용 촉진 계획 연차',
	'festival-pay': '설 추석 상여 보너스 수당',
	'family-pay': '부양가족 배우자 자녀 부모 수당 맞벌이 다자녀',
	'meal-pay': '급식비 식대 밥값 수당',
	'family-event': '결혼 장례 경조 청첩 부고 애경사 상조 조사 부친상 모친상 출산 배우자',
	'childcare-time': '아이 육아 단축',
	'family-care': '자녀 돌봄 어린이집 부모 간병',
	'birth-leave': '임신 출산 배우자 산휴',
	'pregnancy-time': '임신 단축근무 임산부',
	'loss-leave': '유산 사산 임신',
	'special-leave': '임신 검진 난임 시술 생리 보건 재해 심리 장기재직',
	'public-leave': '예비군 민방위 건강검진 헌혈 투표 시험 공가 노조 소환',
	'trip-kind': '관내 관외 12km 거리 출장비 여비',
	'near-trip': '여비 관내출장 4시간 출장비',
	'far-trip': '여비 관외출장 숙박 숙박비 일비 식비 출장비 ktx 기차',
	'own-car': '유류비 기름값 주유 자차 자가용 통행료 톨게이트 연료 출장비 여비'
};

/** All there is to do, in the order of the groups. */
export function toolsOf(questions: readonly Question[]): Tool[] {
	const asked = questions.map(({ group, name, title, says }) => ({
		group: GROUPS[group], href: `/do/ask?of=${name}`, title, says, also: ALSO[name] ?? ''
	}));
	return [...PAGES, ...asked];
}

/** What fits every word, written apart or not; by its title first, then by what it says. */
export function foundBy(find: string, tools: readonly Tool[]): Tool[] {
	const words = find.toLowerCase().split(/\s+/).filter(Boolean);
	const rank = ({ title, says, also }: Tool) => {
		const [name, told, all] = [title, title + says, `${title} ${says} ${also}`].map(close);
		if (words.every((word) => name!.includes(word))) return 0;
		if (words.every((word) => told!.includes(word))) return 1;
		return words.every((word) => all!.includes(word)) ? 2 : 3;
	};
	return tools.map((tool) => ({ tool, at: rank(tool) })).filter(({ at }) => at < 3)
		.sort((one, two) => one.at - two.at).map(({ tool }) => tool);
}

/** As people write it in a hurry: `야근수당` is found in `야근 수당`. */
const close = (text: string) => text.toLowerCase().replace(/[\s·]/g, '');
