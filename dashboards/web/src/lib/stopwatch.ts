/** One run of the stopwatch: kept for this tab, so that a reload or a locked phone loses nothing. */
import type { components } from './api/schema.d.ts';

export type Lane = components['schemas']['LaneSeen'];

export type Run = {
	/** The lane's key, `site.node.zone`. */
	lane: string;
	joinedMs: number;
	/** Served, and not sent yet. */
	servedMs?: number;
};

export const SHORTEST_S = 5;
export const LONGEST_S = 7200;

const at = (site: string, node: string) => `stopwatch:${site}/${node}`;

export function kept(site: string, node: string): Run | null {
	try {
		const run = JSON.parse(sessionStorage.getItem(at(site, node)) ?? 'null') as Run | null;
		return run && typeof run.lane === 'string' && Number.isFinite(run.joinedMs) ? run : null;
	} catch {
		return null;
	}
}

export function keep(site: string, node: string, run: Run | null) {
	try {
		if (run) sessionStorage.setItem(at(site, node), JSON.stringify(run));
		else sessionStorage.removeItem(at(site, node));
	} catch {
		/* Without storage it still runs until the page is left. */
	}
}

/** `4:07`. */
export function asClock(s: number): string {
	const whole = Math.max(0, Math.floor(s));
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const ko = {
	title: '대기 시간 맞추기',
	why: '줄에 서면 누르고, 받으면 또 누르세요. 다섯 번이면 이 줄의 대기 시간을 맞출 수 있어요.',
	none: '나가는 선이 있는 줄이 없어요. 구역에서 먼저 그려 주세요.',
	lane: '어느 줄',
	join: '줄 섰어요',
	served: '받았어요',
	running: '재는 중이에요',
	cancel: '그만두기',
	send: '다시 보내기',
	unsent: '아직 보내지 못했어요. 기록은 이 화면에 남아 있어요.',
	tooShort: '5초보다 짧아서 버렸어요.',
	tooLong: '두 시간이 넘어서 버렸어요.',
	thanks: '적었어요.',
	more: (n: number) => `${n}번 더 재면 돼요`,
	measured: (waited: string, reckoned: string) => `기다린 시간 ${waited}, 허브가 본 시간 ${reckoned}`,
	forget: '지우기',
	says: (factor: string, error: string) => `실제는 허브의 ${factor}배 (±${error})`,
	outOfReach: '차이가 너무 커요. 구역과 나가는 선을 다시 그려 주세요.',
	inUse: (factor: string, error: string) => `지금 ${factor}배로 고쳐 보여 줘요 (±${error})`,
	notInUse: '지금은 고치지 않은 값을 보여 줘요',
	use: '이 값으로 고치기',
	history: '고친 기록',
	plain: '고치지 않음',
	times: (factor: string) => `${factor}배`,
	back: '이 값으로 되돌리기',
	failed: '하지 못했어요. 다시 눌러 주세요.'
};
const en: typeof ko = {
	title: 'Match the waiting time',
	why: 'Tap when you join the queue and again when you are served. Five times, and this lane’s wait can be matched.',
	none: 'No queue here has a line to leave by. Draw it under Zones first.',
	lane: 'Which queue',
	join: 'I joined the queue',
	served: 'I am served',
	running: 'The stopwatch runs',
	cancel: 'Stop',
	send: 'Send again',
	unsent: 'Not sent yet. It is kept on this page.',
	tooShort: 'Shorter than 5 s, so it was thrown away.',
	tooLong: 'Longer than two hours, so it was thrown away.',
	thanks: 'Written down.',
	more: (n: number) => `${n} more to go`,
	measured: (waited: string, reckoned: string) => `Waited ${waited}, the hub said ${reckoned}`,
	forget: 'Forget',
	says: (factor: string, error: string) => `True waits are ${factor} times the hub’s (±${error})`,
	outOfReach: 'That is too far off. Draw the zone and its line again.',
	inUse: (factor: string, error: string) => `Shown ${factor} times as long now (±${error})`,
	notInUse: 'Shown as reckoned now',
	use: 'Use this',
	history: 'What was used',
	plain: 'As reckoned',
	times: (factor: string) => `${factor} times`,
	back: 'Take this up again',
	failed: 'It did not work. Tap again.'
};
export const STOPWATCH_WORDS = { ko, en };
