/** The form of a travel paper, what is asked of the calculator, and what is sent to be drawn. */
import { body, fresh, type Line } from '#lib/do/form.ts';
import type { Field } from '#lib/do/tools.ts';
import { inSeoul, type Handed } from './handed.ts';

export type Paper = 'request' | 'settlement';

const ASK = 'ask';

function field(name: string, kind: Field['kind'], title: string, more: Partial<Field> = {}): Field {
	return {
		name, kind, title, hint: '', unit: '', is_required: false, begins_today: false,
		default: null, least: null, most: null, choices: [], fields: [], ...more
	};
}
const text = (name: string, title: string, hint = '') => field(name, 'text', title, { hint });
const needed = (name: string, kind: Field['kind'], title: string, more: Partial<Field> = {}) =>
	field(name, kind, title, { is_required: true, ...more });
const choice = (name: string, title: string, named: Record<string, string>) =>
	field(name, 'choice', title, {
		default: Object.keys(named)[0]!,
		choices: Object.entries(named).map(([value, said]) => ({ value, title: said }))
	});

const TRAVELLERS = needed('travellers', 'list', '출장자', {
	fields: [needed('name', 'text', '이름'), text('department', '부서'), text('post', '직급')]
});
const BEGINS = needed('begins_at', 'time', '시작', { hint: '출장명령의 시각' });
const ENDS = needed('ends_at', 'time', '끝', { hint: '출장명령의 시각' });
const WHEN = [
	needed('first', 'date', '시작하는 날', { begins_today: true }), BEGINS,
	needed('last', 'date', '끝나는 날', { begins_today: true }), ENDS
];
const WHAT = [needed('destination', 'text', '출장지'), needed('purpose', 'text', '출장목적')];
const ORDER = [text('order', '출장명령 번호'), text('transport', '교통편')];
const PROOF = text('proof', '출장 증빙', '출장 화면에서 넘어오면 저절로 적혀요');
const NEAR = field('near', 'list', '관내 출장', {
	fields: [
		needed('day', 'date', '출장일', { begins_today: true }), BEGINS, ENDS, ...WHAT,
		choice('car', '차량', { none: '없음', office: '공무용 차량', assigned: '전용 차량 배정' }),
		...ORDER, PROOF
	]
});
const FAR = field('far', 'list', '관외 출장', {
	fields: [
		...WHEN, ...WHAT,
		field('fare_won', 'number', '운임', { unit: '원', hint: '실제로 쓴 금액', default: '0' }),
		field('nights', 'list', '숙박', {
			fields: [
				choice('region', '지역', { seoul: '서울', metropolitan: '광역시', other: '그 밖의 지역' }),
				needed('paid_won', 'number', '숙박비', { unit: '원' }),
				field('is_unavoidable', 'yes', '상한을 지킬 수 없었음', { default: false })
			]
		}),
		field('office_car', 'list', '공무용 차량을 쓴 날', { fields: [needed('day', 'date', '날')] }),
		...ORDER, PROOF
	]
});
/** What the text of the law does not say, and only where there are several on one day. */
const SAME_DAY = {
	...choice('same_day', '같은 날 관내 여러 번', {
		[ASK]: '셈이 갈리면 물어봐요', together: '시간을 더해 한 번으로', capped: '따로 셈하고 하루 한도까지', each: '따로 셈해 모두'
	}),
	hint: '법의 글에는 없어요. 우리 기관의 조례·처리지침이 정한 것을 골라요'
};
const REQUESTED_ON = needed('requested_on', 'date', '신청일', { begins_today: true });
const ACCOUNT = text('account', '입금 계좌');
const COMMON = [
	text('office', '기관 이름'), text('to', '받는 사람', '예: ○○시장 귀하'),
	text('signers', '결재란', '쉼표로 나눠요. 예: 팀장, 과장'), text('attachments', '붙임', '쉼표로 나눠요. 예: 영수증 2부')
];

/** What is asked for; of a settlement, how a day is reckoned only where it has several near trips. */
export function fieldsOf(paper: Paper, typed?: Line): Field[] {
	if (paper === 'request')
		return [
			TRAVELLERS, ...WHEN, ...WHAT, REQUESTED_ON,
			text('remarks', '덧붙이는 말'), text('cost', '예상 여비'), text('budget_code', '예산과목', '예: 202-01 국내여비'),
			...ORDER, ...COMMON
		];
	const sameDay = !typed || hasSeveralOfOneDay(typed.near as Line[]) ? [SAME_DAY] : [];
	return [TRAVELLERS, NEAR, FAR, ...sameDay, REQUESTED_ON, ACCOUNT, ...COMMON];
}

function hasSeveralOfOneDay(near: readonly Line[]): boolean {
	const days = near.map(({ day }) => day).filter(Boolean);
	return new Set(days).size < days.length;
}

/** All fields of both papers as they begin: switching between them loses nothing. */
export function blank(today: string): Line {
	const near = [fresh(NEAR.fields, today)];
	return { ...fresh([...fieldsOf('request'), ...fieldsOf('settlement')], today), near };
}

/**
 * A trip that was handed over, beside those that are there already, where the same people went on
 * them; else it begins a paper of its own. A trip that is handed over again is not there twice.
 */
export function over(typed: Line, trip: Handed, today: string): Line {
	const [begins, ends] = [inSeoul(trip.begins), inSeoul(trip.ends)];
	const [first, last] = [begins.slice(0, 10), ends.slice(0, 10)];
	const told = {
		order: trip.order, destination: trip.destination, purpose: trip.purpose, proof: trip.proof,
		begins_at: begins.slice(11), ends_at: ends.slice(11)
	};
	const into = first === last ? NEAR : FAR;
	const line = into === NEAR ? { ...told, day: first } : { ...told, first, last };
	const isTheirs = String(names(typed)) === String(trip.names);
	const there = (isTheirs ? (typed[into.name] as Line[]) : []).filter(isBegun);
	const at = there.findIndex((one) => one.order === trip.order && one.begins_at === told.begins_at);
	const lines = at < 0 ? [...there, { ...fresh(into.fields, today), ...line }] : there.with(at, { ...there[at], ...line });
	const { proof, ...asked } = told;
	void proof; // a request is written before there is any
	return {
		...typed, ...asked, first, last,
		near: isTheirs ? (typed.near as Line[]).filter(isBegun) : [],
		far: isTheirs ? (typed.far as Line[]).filter(isBegun) : [],
		[into.name]: lines,
		travellers: isTheirs ? typed.travellers! : trip.names.map((name) => ({ name, department: '', post: '' }))
	};
}

const names = (typed: Line) => (typed.travellers as Line[]).map(({ name }) => name);
const isBegun = (line: Line) => !!(line.destination || line.begins_at);

/** What keeps a settlement from being asked at all. */
export function wrongOf(paper: Paper, typed: Line): { name: string; detail: string } | null {
	if (paper === 'request' || [typed.near, typed.far].some((one) => (one as Line[]).length)) return null;
	return { name: 'near', detail: '관내나 관외 출장을 하나는 더해 주세요.' };
}

/** What is sent to be worked out and drawn; null: something is missing still. */
export function drawn(paper: Paper, typed: Line): Record<string, unknown> | null {
	const said = wrongOf(paper, typed) ? null : body(fieldsOf(paper, typed), typed);
	if (!said) return null;
	const { first, begins_at, last, ends_at, same_day, remarks, signers, attachments, ...rest } = said;
	const own =
		paper === 'settlement'
			? same_day && same_day !== ASK ? { same_day } : {}
			: { begins: `${first}T${begins_at}+09:00`, ends: `${last}T${ends_at}+09:00`, remarks: remarks ? [remarks] : [] };
	return { ...rest, ...own, signers: parts(signers), attachments: parts(attachments) };
}

/** By where it goes: `도청`, or `도청 등 3건`. */
export function named(paper: Paper, typed: Line): string {
	const trips = paper === 'request' ? [typed] : [...(typed.near as Line[]), ...(typed.far as Line[])];
	const first = String(trips[0]?.destination ?? '');
	return trips.length > 1 ? `${first} 등 ${trips.length}건` : first;
}

const parts = (said: unknown): string[] =>
	String(said ?? '').split(',').map((one) => one.trim()).filter(Boolean);
