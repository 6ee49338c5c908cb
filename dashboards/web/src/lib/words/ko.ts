/** Everything the board says, in Korean as people say it. `en.ts` has the same shape. */
import type { Forecast, Level, Node, Zone } from '../api/types.ts';
import type { Value } from '../curve.ts';
import type { DayOff, Why } from '../reading.ts';
import { aboutFive, clock, date, daysAhead, weekday } from '../time.ts';
import { ceilMinutes, floorMinutes, roundMinutes } from '../minutes.ts';

function minutes(count: number): string {
	if (count < 60) return `${count}분`;
	const rest = count % 60;
	return rest === 0 ? `${count / 60}시간` : `${Math.floor(count / 60)}시간 ${rest}분`;
}

const cell = (s: number) => (s < 60 ? '1분 안' : minutes(roundMinutes(s)));

const level: Record<Level, string> = {
	relaxed: '여유',
	moderate: '보통',
	busy: '약간 붐빔',
	crowded: '붐빔'
};

/** What happened. */
const why: Record<Why, string> = {
	no_counter_line: '계산대 선을 그려 주세요',
	nobody_served: '지금은 줄이 움직이지 않아요',
	outside_hours: '지금은 운영 시간이 아니에요',
	closed_day: '오늘은 쉬는 날이에요',
	no_data_yet: '아직 한 번도 세지 않았어요',
	node_offline: '카메라와 연결이 끊겼어요',
	camera_fault: '카메라에 문제가 생겼어요',
	paused: '사람 세기를 잠시 멈췄어요',
	late: '새로 센 값이 오지 않고 있어요',
	unreachable: '서버와 연결이 끊겼어요'
};

/** What follows from it, or what to do. */
const then: Record<Why, string> = {
	no_counter_line: '시설 담당자가 계산대 앞에 선을 그으면 기다릴 시간이 나와요.',
	nobody_served: '배식이 다시 시작되면 기다릴 시간이 나와요.',
	outside_hours: '문을 열면 다시 셉니다.',
	closed_day: '다시 여는 날 세기 시작해요.',
	no_data_yet: '카메라가 세기 시작하면 여기에 바로 나와요.',
	node_offline: '다시 이어지면 저절로 돌아와요. 오래가면 시설 담당자에게 알려 주세요.',
	camera_fault: '시설 담당자에게 알려 주세요. 고쳐지면 저절로 돌아와요.',
	paused: '다시 세기 시작하면 저절로 돌아와요.',
	late: '다시 오면 저절로 바뀌어요.',
	unreachable: '다시 이어지면 저절로 바뀌어요.'
};

export const ko = {
	lang: 'ko',
	/** The other language, in its own words. */
	otherLang: 'English',
	otherLangShort: 'EN',
	product: '청사',
	title: '지금 구내식당',
	description: '구내식당에 지금 줄이 있는지, 얼마나 기다리는지, 언제 가면 좋은지 알려 드립니다.',
	toContent: '본문으로 바로 가기',
	bigScreen: '큰 화면',
	wholeBoard: '자세히 보기',
	chooseSite: '식당 고르기',
	scheme: { light: '밝은 화면으로', dark: '어두운 화면으로' },
	privacy: '사진은 카메라 밖으로 나가지 않습니다. 세어 낸 숫자만 보냅니다.',
	needsScript: '지금 줄을 보려면 브라우저에서 자바스크립트를 켜 주세요.',

	level,
	levelsLabel: '붐비는 정도',
	joinNow: '지금 줄 서면',
	nobodyWaits: '지금은 줄 선 사람이 없어요',
	/** About how long: `약 7분`, under a minute `1분 안`. */
	about: (s: number) => (s < 60 ? '1분 안' : `약 ${minutes(roundMinutes(s))}`),
	aboutShort: (s: number) => (s < 60 ? '1분 안' : `약 ${minutes(roundMinutes(s))}`),
	/** The 80 % interval, or null where it says nothing more. */
	range: (lowS: number, highS: number | null): string | null => {
		const low = floorMinutes(lowS);
		if (highS === null) return low === 0 ? null : `적어도 ${minutes(low)}`;
		const high = ceilMinutes(highS);
		if (high <= 1 || low === high) return null;
		return low === 0 ? `길어도 ${minutes(high)}쯤` : `${low}~${minutes(high)}`;
	},
	ahead: (people: number) => `앞에 ${people}명`,
	people: (people: number) => `${people}명`,
	peopleInLine: (people: number) => `지금 ${people}명이 서 있어요`,
	peopleThere: (people: number) => `${people}명 있어요`,
	served: (perMin: number) => `1분에 ${oneDigit(perMin)}명`,
	full: (percent: number) => `${percent}% 찼어요`,
	freeSeats: (seats: number) => (seats === 0 ? '빈자리가 없어요' : `빈자리 ${seats}석`),
	ofSeats: (taken: number, seats: number) => `${seats}석 가운데 ${taken}석`,

	unknown: '대기 시간 모름',
	notNow: '지금은 알 수 없어요',
	usually: (s: number) => `평소 ${s < 60 ? '1분 안' : `약 ${minutes(roundMinutes(s))}`}`,
	usuallyNow: (nowMs: number) => `${weekday(nowMs, 'ko')} 이맘때 보통 이래요. 지금 줄은 몰라요.`,
	closed: '닫음',
	opens: (ms: number | null, nowMs: number) => {
		if (ms === null) return '여는 시간이 정해지지 않았어요';
		const days = daysAhead(ms, nowMs);
		if (days === 0) return `오늘 ${clock(ms)}에 열어요`;
		if (days === 1) return `내일 ${clock(ms)}에 열어요`;
		return days < 7
			? `${weekday(ms, 'ko')} ${clock(ms)}에 열어요`
			: `${date(ms, 'ko')} ${clock(ms)}에 열어요`;
	},
	why,
	then,

	goAt: (ms: number, nowMs: number) => `${clock(aboutFive(ms, nowMs))}쯤`,
	goAtMiddle: ' 가면 ',
	restsOn: (weeks: number, nowMs: number) =>
		`지난 ${weeks}주 ${weekday(nowMs, 'ko')}과 지금 흐름으로 보아`,
	goNow: '지금 가는 게 좋아요',
	goNowWhy: (s: number, ms: number, nowMs: number) =>
		`${clock(aboutFive(ms, nowMs))}쯤에는 약 ${minutes(roundMinutes(s))}까지 길어질 것 같아요`,
	quickerName: (name: string) => `${name} 줄은`,
	quickerWhy: '지금은 이 줄이 더 빨라요',

	ago: (s: number | null) => {
		if (s === null) return '아직 센 적 없음';
		if (s < 2) return '방금';
		if (s < 60) return `${Math.floor(s)}초 전`;
		if (s < 3600) return `${Math.floor(s / 60)}분 전`;
		return s < 86_400 ? `${Math.floor(s / 3600)}시간 전` : `${Math.floor(s / 86_400)}일 전`;
	},
	lastSeen: (ms: number) => `마지막으로 센 때 ${clock(ms)}`,
	camerasFine: (count: number) => `카메라 ${count}대 정상`,
	camerasSick: (sick: number, all: number) =>
		all === 1 ? '카메라 확인이 필요해요' : `카메라 ${all}대 중 ${sick}대 확인 필요`,

	simulated: '가상 장면',
	simulatedLong: '실제 식당이 아니라 컴퓨터가 그린 장면을 세고 있어요.',
	recording: '녹화 영상',
	recordingLong: '지금 모습이 아니라 녹화한 시험 영상을 세고 있어요.',
	demoHistory: '평소 값과 예상은 시범용으로 만든 기록에서 나왔어요.',

	chartTitle: '오늘 대기 시간',
	chartLead: (nowMs: number) => `평소 ${weekday(nowMs, 'ko')}과 견주어`,
	chartCollecting: '아직 평소와 견줄 기록이 없어요',
	chartUsual: (s: number, ms: number) =>
		`평소 ${weekday(ms, 'ko')}에는 ${clock(ms)}쯤 ${cell(s)}으로 가장 길어요.`,
	chartEmpty: '아직 그릴 기록이 없어요. 세기 시작하면 여기에 오늘의 흐름이 그려집니다.',
	chartClosed: '문을 열면 여기에 오늘의 흐름이 그려집니다.',
	chartFailed: '오늘의 흐름을 불러오지 못했어요. 곧 다시 해 볼게요.',
	/** The curve as one or two sentences: they are its label. */
	chartSays: (day: DaySaid) => {
		const { nowMs, peak, nowS, rise, fall } = day;
		const now = nowS === null ? null : nowS < 60 ? '지금은 1분 안이에요' : `지금은 ${cell(nowS)}이에요`;
		const past = !peak
			? null
			: peak.s < 60
				? '오늘은 1분 넘게 기다린 때가 없었어요'
				: `${clock(peak.ms)}에 ${cell(peak.s)}으로 가장 길었`;
		const first = past === null ? now : !peak || peak.s < 60 ? past : now ? `${past}고, ${now}` : `${past}어요`;
		const next = fall
			? `${clock(aboutFive(fall.ms, nowMs))}쯤 ${cell(fall.s)}으로 짧아질 것 같아요`
			: rise
				? `${clock(aboutFive(rise.ms, nowMs))}쯤 ${cell(rise.s)}까지 길어질 것 같아요`
				: null;
		return sentences([first, next]);
	},
	now: '지금',
	today: '오늘',
	forecast: '예상',
	usual: '평소 범위',
	asTable: '표로 보기',
	time: '시각',
	minuteAxis: (count: number) => (count === 0 ? '0' : `${count}분`),
	cell,
	cellRange: (lowS: number, highS: number) => {
		const [low, high] = [roundMinutes(lowS), roundMinutes(highS)];
		return low === high ? minutes(low) : `${low}~${minutes(high)}`;
	},
	notObserved: '모름',
	method: (method: Forecast['method'], days: number) =>
		method === 'collecting'
			? `기록을 모으는 중이에요 (${days}일째). 닷새가 쌓이면 평소와 예상이 나와요.`
			: `${days}일의 기록으로 예상했어요.`,

	zones: '줄과 자리',
	shown: '보고 있음',
	kind: { queue: '줄', seating: '자리', counter: '창구' } satisfies Record<Zone['kind'], string>,
	hours: '운영 시간',
	openUntil: (ms: number) => `${clock(ms)}까지 열어요`,
	openNow: '열려 있어요',
	alwaysOpen: '늘 열려 있어요',
	dayOff: (day: DayOff) => `오늘은 쉬는 날 · ${day.name}`,
	meals: '오늘의 식단',
	whoCounts: '누가 세나요',
	source: {
		camera: '카메라',
		recording: '녹화한 시험 영상',
		simulated: '컴퓨터가 그린 가상 장면'
	} satisfies Record<NonNullable<Node['source_kind']>, string>,
	detector: (name: string) => `사람을 찾는 프로그램 ${name}`,
	nodeState: {
		ok: '정상',
		paused: '잠시 멈춤',
		fault: '카메라 문제',
		offline: '연결 끊김',
		unheard: '아직 소식 없음'
	},

	emptyTitle: '곧 여기에 줄이 보여요',
	emptyText: '아직 연결된 카메라가 없어요. 카메라가 켜지고 세기 시작하면 저절로 나타납니다.',
	emptySteps: [
		'시설 담당자가 줄이 보이는 곳에 카메라를 답니다.',
		'카메라가 사람 수를 셉니다. 사진은 밖으로 나가지 않아요.',
		'기다릴 시간이 이 화면에 바로 나타납니다.'
	],
	loading: '지금 줄을 불러오고 있어요',
	errorTitle: '지금 줄을 불러오지 못했어요',
	errorText: '청사 서버가 대답하지 않아요. 사무실 망에 이어져 있는지 봐 주세요.',
	lost: '서버와 연결이 끊겼어요',
	lostKept: '아래는 마지막으로 받은 값이에요.',
	retryIn: (s: number) => `${s}초 뒤 다시 이어 볼게요`,
	retrying: '다시 잇고 있어요',
	retryNow: '지금 다시',
	devices: {
		title: '기기 상태',
		allWell: '모두 잘 돌고 있어요',
		none: '아직 등록된 기기가 없어요',
		noneText: '기기를 등록하면 여기에 상태가 나와요.',
		down: (n: number) => `${n}대가 세지 못하고 있어요`,
		sick: (n: number) => `${n}대를 살펴봐 주세요`,
		counts: (down: number, sick: number, well: number) =>
			`세지 못함 ${down} · 살펴볼 것 ${sick} · 정상 ${well}`,
		asOf: (at: string) => `${at} 기준`,
		alerts: '알림',
		noAlerts: '지금은 알릴 일이 없어요.',
		since: (at: string) => `${at}부터`,
		fromTo: (from: string, to: string) => `${from}부터 ${to}까지`,
		seen: '확인했어요',
		seenBy: (who: string) => `${who} 님이 확인했어요`,
		all: '전체',
		onlySick: '문제 있는 것만',
		find: '이름으로 찾기',
		noneFound: '찾는 기기가 없어요.',
		well: '정상입니다',
		more: (n: number) => `외 ${n}가지`,
		heard: (ago: string) => `${ago} 소식`,
		never: '소식 없음',
		ago: (s: number) =>
			s < 60 ? '방금' : s < 5400 ? `${Math.round(s / 60)}분 전` : s < 129600
				? `${Math.round(s / 3600)}시간 전` : `${Math.round(s / 86400)}일 전`,
		untold: (n: number) => `보내지 못한 알림이 ${n}건 있어요. 메일·메신저 주소 설정을 확인해 주세요.`,
		quiet: '조용한 시간',
		quietText: '이 시간에는 메일이나 메신저로 알리지 않고, 끝나면 남아 있는 것만 알려요.',
		from: '시작',
		to: '끝',
		save: '저장',
		saved: '저장했어요.',
		unreachable: '서버와 연결이 끊겼어요',
		unreachableText: '다시 이어지면 저절로 보여요.',
		failed: '읽지 못했어요',
		loading: '기기 상태를 읽고 있어요',
		back: '모든 기기',
		others: '그 밖에',
		span: { day: '하루', week: '한 주', month: '한 달' },
		past: '지난 상태',
		noPast: '아직 기록이 없어요. 기기가 연결되면 5분마다 쌓여요.',
		nowMost: (now: string, most: string) => `지금 ${now} · 가장 나쁠 때 ${most}`,
		temperature: '온도',
		pace: '초당 장면',
		paceUnit: (v: number) => `${v}장`,
		inference: '한 장 보는 시간',
		outbox: '밀린 기록',
		outboxUnit: (v: number) => `${v}건`,
		wifi: '와이파이 (약할수록 높음)',
		figures: '지금 값',
		version: '프로그램 판',
		uptime: '켜진 지',
		hours: (s: number) =>
			s < 5400 ? `${Math.round(s / 60)}분` : s < 172800 ? `${Math.round(s / 3600)}시간`
				: `${Math.round(s / 86400)}일`,
		disk: '남은 저장 공간',
		memory: '메모리 사용',
		clockOffset: '시계 차이',
		certificate: '인증서',
		until: (at: string) => `${at}까지`,
		counted: '마지막 사람 수',
		commands: '시켜 보기',
		command: { identify: '불빛 깜빡이기', bench: '속도 재기', restart: '다시 시작' } as Record<
			string,
			string
		>,
		waiting: '답을 기다리고 있어요',
		silent: '답이 없어요',
		done: '했어요',
		notDone: '하지 못했어요',
		reallyRestart: '다시 시작할까요? 1분쯤 세지 못해요.',
		zones: '구역 그리기와 설정 기록',
		losses: '잃은 기록',
		noLosses: '잃은 기록이 없어요.',
		windows: (n: number) => `${n}건`,
		letters: '읽지 못한 기록',
		noLetters: '읽지 못한 기록이 없어요.',
		times: (n: number) => `${n}번`,
		events: '지난 알림',
		noEvents: '지난 알림이 없어요.'
	},
	notFound: '그런 화면이 없어요',
	notFoundText: '주소가 바뀌었거나 잘못 적힌 것 같아요.',
	home: '지금 구내식당 보기'
};

export type Words = typeof ko;

/** What a day's curve shows: its top so far, now, and where it goes. */
export interface DaySaid {
	nowMs: number;
	peak: Value | null;
	nowS: number | null;
	fall: Value | null;
	rise: Value | null;
}

export function sentences(parts: readonly (string | null)[]): string {
	return parts
		.filter((part) => part !== null)
		.map((part) => `${part}.`)
		.join(' ');
}

function oneDigit(value: number): string {
	return value.toFixed(1).replace(/\.0$/, '');
}
