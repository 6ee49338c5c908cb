/** The form of a travel paper, what is asked of the calculator, and what is sent to be drawn. */
import { body, fresh, type Line } from '#lib/do/form.ts';
import type { Field } from '#lib/do/tools.ts';
import { inSeoul, type Handed } from './handed.ts';

export type Paper = 'request' | 'settlement';
export type Asked = { name: 'near-trip' | 'far-trip'; body: unknown } | null;

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
const WHEN = [
	needed('first', 'date', '시작하는 날', { begins_today: true }), needed('begins_at', 'time', '시작', { hint: '출장명령의 시각' }),
	needed('last', 'date', '끝나는 날', { begins_today: true }), needed('ends_at', 'time', '끝', { hint: '출장명령의 시각' })
];
const WHAT = [needed('destination', 'text', '출장지'), needed('purpose', 'text', '출장목적')];
const SCOPE = choice('scope', '출장', { near: '근무지 내(관내)', far: '근무지 외(관외)' });
const NEAR = [choice('car', '차량', { none: '없음', office: '공무용 차량', assigned: '전용 차량 배정' })];
const FAR = [
	field('fare_won', 'number', '운임', { unit: '원', hint: '실제로 쓴 금액', default: '0' }),
	field('nights', 'list', '숙박', {
		fields: [
			choice('region', '지역', { seoul: '서울', metropolitan: '광역시', other: '그 밖의 지역' }),
			needed('paid_won', 'number', '숙박비', { unit: '원' }),
			field('is_unavoidable', 'yes', '상한을 지킬 수 없었음', { default: false })
		]
	}),
	field('office_car', 'list', '공무용 차량을 쓴 날', { fields: [needed('day', 'date', '날')] })
];
const COMMON = [
	text('order', '출장명령 번호'), text('transport', '교통편'), text('office', '기관 이름'), text('to', '받는 사람', '예: ○○시장 귀하'),
	text('signers', '결재란', '쉼표로 나눠요. 예: 팀장, 과장'), text('attachments', '붙임', '쉼표로 나눠요. 예: 영수증 2부')
];
const PROOF = text('proof', '출장 증빙', '출장 화면에서 넘어오면 저절로 적혀요');

/** What is asked for; of a settlement it goes by the kind of trip. */
export function fieldsOf(paper: Paper, scope: unknown): Field[] {
	if (paper === 'request')
		return [
			TRAVELLERS, ...WHEN, ...WHAT,
			needed('requested_on', 'date', '신청일', { begins_today: true }),
			text('remarks', '덧붙이는 말'), text('cost', '예상 여비'), text('budget_code', '예산과목', '예: 202-01 국내여비'),
			...COMMON
		];
	return [
		SCOPE, TRAVELLERS, ...WHEN, ...WHAT, ...(scope === 'far' ? FAR : NEAR),
		needed('requested_on', 'date', '신청일', { begins_today: true }),
		PROOF, text('account', '입금 계좌'), ...COMMON
	];
}

/** All fields of both papers as they begin: switching between them loses nothing. */
export function blank(today: string): Line {
	return fresh([SCOPE, ...fieldsOf('request', ''), ...NEAR, ...FAR, PROOF, text('account', '')], today);
}

/** A trip that was handed over, laid over what was typed before. */
export function over(typed: Line, trip: Handed): Line {
	const [begins, ends] = [inSeoul(trip.begins), inSeoul(trip.ends)];
	const isOfOneDay = begins.slice(0, 10) === ends.slice(0, 10);
	return {
		...typed,
		scope: isOfOneDay ? typed.scope! : 'far',
		order: trip.order, destination: trip.destination, purpose: trip.purpose, proof: trip.proof,
		first: begins.slice(0, 10), begins_at: begins.slice(11), last: ends.slice(0, 10), ends_at: ends.slice(11),
		travellers: trip.names.map((name) => ({ name, department: '', post: '' }))
	};
}

/** What the calculator is asked; null: something is missing still, or it is a request. */
export function asked(paper: Paper, typed: Line): Asked {
	const said = paper === 'settlement' ? body(fieldsOf(paper, typed.scope), typed) : null;
	if (!said || wrongOf(paper, typed)) return null;
	if (typed.scope === 'far')
		return {
			name: 'far-trip',
			body: { first: said.first, last: said.last, nights: said.nights, fare_won: said.fare_won, office_car: said.office_car }
		};
	return { name: 'near-trip', body: { day: said.first, begins_at: said.begins_at, ends_at: said.ends_at, car: said.car } };
}

/** What the calculator cannot see: a near trip is settled by the day, as the hub says too. */
export function wrongOf(paper: Paper, typed: Line): { name: string; detail: string } | null {
	const isNear = paper === 'settlement' && typed.scope !== 'far';
	if (!isNear || !typed.first || !typed.last || typed.first === typed.last) return null;
	return { name: 'last', detail: '근무지 내 출장은 하루씩 정산합니다.' };
}

/** What is sent to be drawn; null: something is missing still. */
export function drawn(paper: Paper, typed: Line): Record<string, unknown> | null {
	const said = body(fieldsOf(paper, typed.scope), typed);
	if (!said) return null;
	const { first, begins_at, last, ends_at, scope, car, nights, fare_won, office_car, remarks, signers, attachments, ...rest } = said;
	const paid = scope === 'far'
		? { far: { nights, fare_won, office_car: (office_car as { day: string }[]).map(({ day }) => day) } }
		: { near: { car } };
	return {
		...rest,
		begins: `${first}T${begins_at}+09:00`,
		ends: `${last}T${ends_at}+09:00`,
		signers: parts(signers),
		attachments: parts(attachments),
		...(paper === 'settlement' ? paid : { remarks: remarks ? [remarks] : [] })
	};
}

const parts = (said: unknown): string[] =>
	String(said ?? '').split(',').map((one) => one.trim()).filter(Boolean);
