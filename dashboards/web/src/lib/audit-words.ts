/** The audit trail in plain words: one sentence an act. English has the shape of Korean. */
import type { Entry } from './office.ts';
import { SESSION_WORDS } from './session-words.ts';
import { clock, date, day } from './time.ts';

type Detail = Record<string, unknown>;
/** `who` and `whom` are already people's names. */
type Says = (who: string, whom: string, detail: Detail) => string;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What a person's change changed, in words. */
function changed(
	detail: Detail,
	names: Record<string, string>,
	says: { left: string; back: string; given: (r: string) => string; taken: (r: string) => string; other: string }
): string {
	const [now, were] = [list(detail.roles), list(detail.were)];
	const given = now.filter((role) => !were.includes(role)).map((role) => names[role] ?? role);
	const taken = were.filter((role) => !now.includes(role)).map((role) => names[role] ?? role);
	const parts = [
		...(detail.retired && !detail.was_retired ? [says.left] : []),
		...(!detail.retired && detail.was_retired ? [says.back] : []),
		...(given.length ? [says.given(given.join(', '))] : []),
		...(taken.length ? [says.taken(taken.join(', '))] : [])
	];
	return parts.join(', ') || says.other;
}

const koActs: Record<string, Says> = {
	'session.begin': (who) => `${who} 님이 로그인했어요`,
	'session.end': (who) => `${who} 님이 로그아웃했어요`,
	'session.refuse': (who) => `${who} 아이디로 로그인하려다 비밀번호가 틀렸어요`,
	'person.add': (who, whom, { roles, role }) =>
		`${who} 님이 ${whom} 님을 추가했어요 (${rolesIn('ko', roles ?? [role])})`,
	'person.change': (who, whom, detail) => {
		const did = changed(detail, SESSION_WORDS.ko.roles, {
			left: '떠남으로 바꿈',
			back: '다시 쓰게 함',
			given: (roles) => `${roles} 역할을 줌`,
			taken: (roles) => `${roles} 역할을 거둠`,
			other: '이름이나 메일 주소를 고침'
		});
		return `${who} 님이 ${whom} 님의 계정을 바꿨어요: ${did}`;
	},
	'person.password': (who) => `${who} 님이 비밀번호를 바꿨어요`,
	'person.reset': (who, whom) => `${who} 님이 ${whom} 님에게 새 첫 비밀번호를 만들어 주었어요`,
	'person.unlock': (who, whom) => `${who} 님이 ${whom} 님의 잠긴 계정을 풀었어요`,
	'person.sign-out': (who, whom) => `${who} 님이 ${whom} 님을 모든 곳에서 로그아웃했어요`,
	'duty.add': (who, _, { name, people }) => `${who} 님이 ‘${name}’ 사무를 적었어요 (맡은 사람 ${held(people, '없음')})`,
	'duty.change': (who, _, { name, people }) => `${who} 님이 ‘${name}’ 사무를 고쳤어요 (맡은 사람 ${held(people, '없음')})`,
	'vendor.save': (who, number) => `${who} 님이 거래처 장부에 ${number}을 적었어요`,
	'vendor.forget': (who, number) => `${who} 님이 거래처 장부에서 ${number}을 지웠어요`,
	'vendor.import': (who) => `${who} 님이 거래처 장부에 표를 넣었어요`,
	'vendor.export': (who) => `${who} 님이 거래처 장부를 파일로 받았어요`,
	'vendor.ask-outside': (who, _, { numbers }) => `${who} 님이 사업자번호 ${numbers ?? ''}개를 밖에서 물을 파일로 받았어요`,
	'calendar.subscribe': (who) => `${who} 님이 업무 달력의 비밀 주소를 만들었어요`,
	'calendar.unsubscribe': (who) => `${who} 님이 업무 달력의 비밀 주소를 거두었어요`,
	'calendar.day-off': (who, day, { name }) => `${who} 님이 ${day}을 쉬는 날로 적었어요: ${name ?? ''}`,
	'calendar.day-on': (who, day, { name }) => `${who} 님이 쉬는 날 ${day}을 지웠어요: ${name ?? ''}`,
	'calendar.add': (who, _, { title }) => `${who} 님이 업무 달력에 ‘${title ?? ''}’을 더했어요`,
	'calendar.change': (who, _, { title }) => `${who} 님이 업무 달력의 ‘${title ?? ''}’을 고쳤어요`,
	'calendar.drop': (who, _, { title }) => `${who} 님이 업무 달력에서 ‘${title ?? ''}’을 지웠어요`,
	'duty.retire': (who, _, { name }) => `${who} 님이 ‘${name ?? '이름 모름'}’ 사무를 없앴어요`,
	'audit.export': (who) => `${who} 님이 감사 기록을 내려받았어요`,
	'node.add': (who, node) => `${who} 님이 ${node} 기기를 등록하려고 코드를 만들었어요`,
	'node.code': (who, node) => `${who} 님이 ${node} 기기의 새 코드를 만들었어요`,
	'node.enrol': (_, node) => `${node} 기기가 코드를 내고 인증서를 받았어요`,
	'node.renew': (_, node) => `${node} 기기가 인증서를 새로 받았어요`,
	'node.refuse': () => '기기 등록 코드가 틀려서 거절했어요',
	'node.revoke': (who, node, { reason }) =>
		`${who} 님이 ${node} 기기의 인증서를 없앴어요${reason ? ` (까닭: ${reason})` : ''}`,
	'node.draw': (who, node, { revision, back_to }) =>
		back_to === undefined
			? `${who} 님이 ${node} 기기의 구역을 저장했어요 (${revision}번)`
			: `${who} 님이 ${node} 기기의 구역을 ${back_to}번으로 되돌렸어요 (${revision}번)`,
	'node.still': (who, node) => `${who} 님이 ${node} 기기에 사진을 부탁했어요`,
	'node.identify': (who, node) => `${who} 님이 ${node} 기기의 불빛을 깜빡이게 했어요`,
	'node.restart': (who, node) => `${who} 님이 ${node} 기기를 다시 시작했어요`,
	'node.bench': (who, node) => `${who} 님이 ${node} 기기의 속도를 쟀어요`,
	'lane.calibrate': (who, zone) => `${who} 님이 ${zone}의 대기 시간을 초시계로 맞췄어요`,
	'lane.back': (who, zone) => `${who} 님이 ${zone}의 대기 시간을 앞의 값으로 되돌렸어요`,
	'lane.forget-tap': (who, zone) => `${who} 님이 ${zone}의 초시계 기록 하나를 지웠어요`,
	'law.load': (_, law, { since, changed }) => `「${law}」 ${since} 시행 글을 실었어요 (바뀐 조문 ${changed}개)`,
	'ordinance.save': (who, _, { version, back_to }) =>
		typeof back_to === 'number'
			? `${who} 님이 조례 값을 ${back_to}번으로 되돌렸어요 (${version}번)`
			: `${who} 님이 조례 값을 고쳤어요 (${version}번)`,
	'budget.save': (who, _, { year, count, back_to }) =>
		typeof back_to === 'number'
			? `${who} 님이 ${year}년 통계목 표를 ${back_to}번으로 되돌렸어요`
			: `${who} 님이 ${year}년 통계목 표를 올렸어요 (${count}개)`,
	'site.save': (who, site, { version, back_to }) =>
		back_to === undefined
			? `${who} 님이 ${site} 식당 정보를 고쳤어요 (${version}번)`
			: `${who} 님이 ${site} 식당 정보를 ${back_to}번으로 되돌렸어요 (${version}번)`,
	'site.meals': (who, site, { days }) => `${who} 님이 ${site} 식단을 고쳤어요 (${list(days).join(', ')})`,
	'trip.enrol': (who) => `${who} 님이 출장 증빙을 쓸 휴대전화를 등록했어요`,
	'trip.end-key': (who, whom) => `${who} 님이 ${whom} 님의 출장 휴대전화 등록을 끝냈어요`,
	'trip.consent': (who) => `${who} 님이 출장 증빙에 동의했어요`,
	'trip.withdraw': (who) => `${who} 님이 출장 증빙 동의를 거뒀어요`,
	'trip.orders': (who, _, { orders }) => `${who} 님이 출장명령을 적었어요 (${list(orders).join(', ')})`,
	'trip.place': (who, place) => `${who} 님이 출장지 ‘${place}’의 위치를 적었어요`,
	'trip.place-forget': (who, place) => `${who} 님이 출장지 ‘${place}’의 위치를 지웠어요`,
	'trip.person': (who) => `${who} 님이 출장자의 직원번호나 부서를 고쳤어요`,
	'trip.confirm': (who, trip, { kind, who: whose }) =>
		`${who} 님이 출장 ${trip}에 ${whose} 님의 ${kind === 'photo' ? '사진' : '종이'} 확인을 적었어요`,
	'trip.confirm-correct': (who, trip) => `${who} 님이 출장 ${trip}의 종이나 사진 확인을 고쳐 적었어요`,
	'trip.confirm-withdraw': (who, trip) => `${who} 님이 출장 ${trip}의 종이나 사진 확인을 거뒀어요`,
	'trip.link': (who, proof, { trip }) =>
		trip ? `${who} 님이 출장 증빙 ${proof}을(를) 출장 ${trip}에 이었어요` : `${who} 님이 출장 증빙 ${proof}을(를) 출장에서 떼었어요`,
	'trip.month': (who, _, { month }) => `${who} 님이 ${month} 출장 확인표를 내려받았어요`,
	'trip.report': (who, trip) => `${who} 님이 출장 ${trip}의 복명서를 만들었어요`,
	'trip.appeal': (who, proof) => `${who} 님이 출장 증빙 ${proof}에 소명했어요`,
	'trip.open': (who, proof, { why }) =>
		`${who} 님이 출장 증빙 ${proof}의 봉인된 내용을 받아 갔어요${why ? ` (까닭: ${why})` : ''}`,
	'trip.sealed': (who) => `${who} 님이 따로 온 출장 증빙을 받아 적었어요`,
	'trip.export': (who) => `${who} 님이 출장 증빙 기록 전체를 내려받았어요`,
	'trip.workbook': (who) => `${who} 님이 출장 증빙 목록을 엑셀로 내려받았어요`,
	'trip.due': (_, quarter, { count }) => `${quarter} 분기의 좌표 ${count}건이 파기할 때가 됐어요`,
	'trip.destroy': (who, quarter, { count, early }) =>
		`${who} 님이 ${quarter} 분기의 좌표 ${count}건을 파기했어요${early ? ` (기간 전, 까닭: ${early})` : ''}`,
	'trip.hold': (who, quarter, { name }) => `${who} 님이 ${quarter} 분기의 좌표를 파기하지 못하게 붙잡았어요 (${name})`,
	'trip.release': (who, quarter, { name }) => `${who} 님이 ${quarter} 분기의 좌표를 놓아주었어요 (${name})`,
	'trip.auditor-key': (who) => `${who} 님이 감사 열쇠를 바꿨어요`,
	'alert.acknowledge': (who, node) => `${who} 님이 ${node} 기기의 알림을 확인했어요`,
	'quiet-hours.set': (who, site, { starts, ends }) =>
		starts === ends
			? `${who} 님이 ${site || '모든 청사'}의 조용한 시간을 없앴어요`
			: `${who} 님이 ${site || '모든 청사'}의 조용한 시간을 ${short(starts)}~${short(ends)}로 정했어요`,
	'quiet-hours.clear': (who, site) =>
		site
			? `${who} 님이 ${site}의 조용한 시간을 모든 청사와 같게 했어요`
			: `${who} 님이 모든 청사의 조용한 시간을 없앴어요`,
	'home-assistant.set': (who, _, { on }) =>
		on ? `${who} 님이 Home Assistant에 알리기 시작했어요` : `${who} 님이 Home Assistant에 알리기를 그만뒀어요`
};

const enActs: Record<string, Says> = {
	'session.begin': (who) => `${who} signed in`,
	'session.end': (who) => `${who} signed out`,
	'session.refuse': (who) => `Somebody tried to sign in as ${who} with a wrong password`,
	'person.add': (who, whom, { roles, role }) => `${who} added ${whom} (${rolesIn('en', roles ?? [role])})`,
	'person.change': (who, whom, detail) => {
		const did = changed(detail, SESSION_WORDS.en.roles, {
			left: 'marked as left',
			back: 'let back in',
			given: (roles) => `given ${roles}`,
			taken: (roles) => `no longer ${roles}`,
			other: 'name or e-mail'
		});
		return `${who} changed ${whom}: ${did}`;
	},
	'person.password': (who) => `${who} changed their password`,
	'person.reset': (who, whom) => `${who} made a new first password for ${whom}`,
	'person.unlock': (who, whom) => `${who} let ${whom} back in after wrong passwords`,
	'person.sign-out': (who, whom) => `${who} signed ${whom} out everywhere`,
	'duty.add': (who, _, { name, people }) => `${who} wrote down the duty “${name}” (held by ${held(people, 'nobody')})`,
	'duty.change': (who, _, { name, people }) => `${who} changed the duty “${name}” (held by ${held(people, 'nobody')})`,
	'vendor.save': (who, number) => `${who} wrote ${number} into the vendor book`,
	'vendor.forget': (who, number) => `${who} took ${number} out of the vendor book`,
	'vendor.import': (who) => `${who} put a table into the vendor book`,
	'vendor.export': (who) => `${who} took the vendor book along as a file`,
	'vendor.ask-outside': (who, _, { numbers }) => `${who} took ${numbers ?? ''} business numbers along to be asked about outside`,
	'calendar.subscribe': (who) => `${who} made a secret address of the calendar`,
	'calendar.unsubscribe': (who) => `${who} withdrew the secret address of the calendar`,
	'calendar.day-off': (who, day, { name }) => `${who} made ${day} a day off: ${name ?? ''}`,
	'calendar.day-on': (who, day, { name }) => `${who} removed the day off ${day}: ${name ?? ''}`,
	'calendar.add': (who, _, { title }) => `${who} added “${title ?? ''}” to the calendar`,
	'calendar.change': (who, _, { title }) => `${who} changed “${title ?? ''}” in the calendar`,
	'calendar.drop': (who, _, { title }) => `${who} removed “${title ?? ''}” from the calendar`,
	'duty.retire': (who, _, { name }) => `${who} gave up the duty “${name ?? 'unknown'}”`,
	'audit.export': (who) => `${who} downloaded the audit trail`,
	'node.add': (who, node) => `${who} made a code to enrol ${node}`,
	'node.code': (who, node) => `${who} made a new code for ${node}`,
	'node.enrol': (_, node) => `${node} brought its code and got a certificate`,
	'node.renew': (_, node) => `${node} renewed its certificate`,
	'node.refuse': () => 'A wrong enrolment code was refused',
	'node.revoke': (who, node, { reason }) =>
		`${who} revoked the certificates of ${node}${reason ? ` (reason: ${reason})` : ''}`,
	'node.draw': (who, node, { revision, back_to }) =>
		back_to === undefined
			? `${who} saved the zones of ${node} (revision ${revision})`
			: `${who} took the zones of ${node} back to ${back_to} (revision ${revision})`,
	'node.still': (who, node) => `${who} asked ${node} for a picture`,
	'node.identify': (who, node) => `${who} made ${node} blink`,
	'node.restart': (who, node) => `${who} restarted ${node}`,
	'node.bench': (who, node) => `${who} measured the speed of ${node}`,
	'lane.calibrate': (who, zone) => `${who} matched the wait of ${zone} by stopwatch`,
	'lane.back': (who, zone) => `${who} took the wait of ${zone} back to an earlier factor`,
	'lane.forget-tap': (who, zone) => `${who} removed a stopwatch tap of ${zone}`,
	'law.load': (_, law, { since, changed }) => `The text of ${law} in force from ${since} was loaded (${changed} articles changed)`,
	'ordinance.save': (who, _, { version, back_to }) =>
		typeof back_to === 'number'
			? `${who} took the ordinances back to version ${back_to} (version ${version})`
			: `${who} changed the values of our ordinances (version ${version})`,
	'budget.save': (who, _, { year, count, back_to }) =>
		typeof back_to === 'number'
			? `${who} took the budget codes of ${year} back to version ${back_to}`
			: `${who} put in the budget codes of ${year} (${count})`,
	'site.save': (who, site, { version, back_to }) =>
		back_to === undefined
			? `${who} changed the details of ${site} (no. ${version})`
			: `${who} took the details of ${site} back to no. ${back_to} (no. ${version})`,
	'site.meals': (who, site, { days }) => `${who} changed the meals of ${site} (${list(days).join(', ')})`,
	'trip.enrol': (who) => `${who} enrolled a phone for trip proofs`,
	'trip.end-key': (who, whom) => `${who} ended the enrolment of a phone of ${whom}`,
	'trip.consent': (who) => `${who} consented to trip proofs`,
	'trip.withdraw': (who) => `${who} withdrew the consent to trip proofs`,
	'trip.orders': (who, _, { orders }) => `${who} wrote down trip orders (${list(orders).join(', ')})`,
	'trip.place': (who, place) => `${who} wrote down where “${place}” is`,
	'trip.place-forget': (who, place) => `${who} removed where “${place}” is`,
	'trip.person': (who) => `${who} changed a traveller’s staff number or department`,
	'trip.confirm': (who, trip, { kind, who: whose }) =>
		`${who} wrote down that trip ${trip} of ${whose} was confirmed ${kind === 'photo' ? 'by photo' : 'on paper'}`,
	'trip.confirm-correct': (who, trip) => `${who} corrected a paper or photo confirmation of trip ${trip}`,
	'trip.confirm-withdraw': (who, trip) => `${who} withdrew a paper or photo confirmation of trip ${trip}`,
	'trip.link': (who, proof, { trip }) =>
		trip ? `${who} linked trip proof ${proof} to trip ${trip}` : `${who} took trip proof ${proof} off its trip`,
	'trip.month': (who, _, { month }) => `${who} downloaded the trips of ${month}`,
	'trip.report': (who, trip) => `${who} made the report of trip ${trip}`,
	'trip.appeal': (who, proof) => `${who} appealed the grade of trip proof ${proof}`,
	'trip.open': (who, proof, { why }) =>
		`${who} took the sealed body of trip proof ${proof}${why ? ` (reason: ${why})` : ''}`,
	'trip.sealed': (who) => `${who} wrote down a trip proof that came alone`,
	'trip.export': (who) => `${who} downloaded the whole log of trip proofs`,
	'trip.workbook': (who) => `${who} downloaded the list of trip proofs as a workbook`,
	'trip.due': (_, quarter, { count }) => `the ${count} coordinates of quarter ${quarter} are due to be destroyed`,
	'trip.destroy': (who, quarter, { count, early }) =>
		`${who} destroyed the ${count} coordinates of quarter ${quarter}${early ? ` (early, because: ${early})` : ''}`,
	'trip.hold': (who, quarter, { name }) => `${who} held the coordinates of quarter ${quarter} back (${name})`,
	'trip.release': (who, quarter, { name }) => `${who} no longer holds the coordinates of quarter ${quarter} (${name})`,
	'trip.auditor-key': (who) => `${who} changed the auditor’s key`,
	'alert.acknowledge': (who, node) => `${who} acknowledged an alert of ${node}`,
	'quiet-hours.set': (who, site, { starts, ends }) =>
		starts === ends
			? `${who} ended the quiet hours of ${site || 'all offices'}`
			: `${who} set the quiet hours of ${site || 'all offices'} to ${short(starts)}–${short(ends)}`,
	'quiet-hours.clear': (who, site) =>
		site ? `${who} gave ${site} the quiet hours of all offices` : `${who} ended the quiet hours of all offices`,
	'home-assistant.set': (who, _, { on }) =>
		on ? `${who} began to tell Home Assistant` : `${who} stopped telling Home Assistant`
};

const short = (time: unknown) => String(time).slice(0, 5);
const held = (people: unknown, nobody: string) => list(people).join(', ') || nobody;
function rolesIn(lang: 'ko' | 'en', roles: unknown): string {
	return list(roles).map((role) => SESSION_WORDS[lang].roles[role] ?? role).join(', ');
}

const ko = {
	title: '감사 기록',
	whole: '기록이 끊기지 않았어요',
	wholeText: (entries: number, at: string) =>
		`처음부터 ${date(Date.parse(at), 'ko')} ${clock(Date.parse(at))}까지 ${entries.toLocaleString('ko')}건이 모두 이어져요`,
	broken: (number: number) => `${number.toLocaleString('ko')}번에서 기록이 끊겼어요`,
	brokenText: {
		changed: '이 기록은 적힌 뒤에 바뀌었어요. 그 앞까지만 믿을 수 있어요. 내려받아 둔 기록과 견주어 보세요.',
		missing: '이 기록이 없어졌어요. 그 앞까지만 믿을 수 있어요. 내려받아 둔 기록과 견주어 보세요.'
	},
	empty: '아직 기록이 없어요',
	checking: '기록이 이어지는지 확인하고 있어요',
	checkedAt: (ms: number) => `${clock(ms)} 확인`,
	again: '다시 확인',
	fingerprint: '가장 새 기록의 지문',
	fingerprintWhy: '이 값을 따로 적어 두면, 누가 끝부분을 잘라 내도 나중에 알 수 있어요.',
	nobodyEdits: '이 기록은 아무도 고치거나 지울 수 없어요.',
	csv: '표로 내려받기 (CSV)',
	jsonl: '그대로 내려받기 (JSON)',
	takeNote: '내려받은 것도 기록에 남아요.',
	text: '찾을 말',
	narrow: '누가, 무엇을, 언제로 좁히기',
	who: '누가',
	what: '무엇을',
	from: '이날부터',
	to: '이날까지',
	find: '찾기',
	clear: '처음부터 다시',
	anything: '모두',
	kinds: {
		session: '로그인과 로그아웃',
		'session.refuse': '틀린 비밀번호',
		person: '사람과 역할',
		duty: '사무',
		node: '기기',
		lane: '초시계',
		site: '식당 정보',
		trip: '출장 증빙',
		alert: '알림 확인',
		'quiet-hours': '조용한 시간',
		'home-assistant': 'Home Assistant',
		audit: '기록 내려받기'
	} as Record<string, string>,
	noneFound: '찾는 기록이 없어요. 조건을 줄여 보세요.',
	older: '더 지난 기록',
	found: (n: number, more: boolean) => (more ? `가장 새 것부터 ${n}건` : `${n}건`),
	number: '번호',
	action: '한 일',
	address: '어디에서',
	detail: '적힌 내용',
	hash: '지문',
	system: '서버',
	someNode: '어떤 기기',
	acts: koActs,
	other: (who: string, action: string, subject: string) => `${who}: ${action} ${subject}`,
	dayName: (ms: number) => `${day(ms).slice(0, 4)}년 ${date(ms, 'ko')}`
};

const en: typeof ko = {
	title: 'Audit trail',
	whole: 'The trail is unbroken',
	wholeText: (entries, at) =>
		`${entries.toLocaleString('en')} entries follow one from another, up to ${date(Date.parse(at), 'en')} ${clock(Date.parse(at))}`,
	broken: (number) => `The trail is broken at ${number.toLocaleString('en')}`,
	brokenText: {
		changed: 'This entry was changed after it was written. Trust only what is before it, and compare with an export.',
		missing: 'This entry is missing. Trust only what is before it, and compare with an export.'
	},
	empty: 'Nothing is written yet',
	checking: 'Checking that the trail is unbroken',
	checkedAt: (ms) => `checked ${clock(ms)}`,
	again: 'Check again',
	fingerprint: 'Fingerprint of the newest entry',
	fingerprintWhy: 'Note it elsewhere: then it shows even if somebody cuts off the end.',
	nobodyEdits: 'Nobody can change or remove what is written here.',
	csv: 'Download a table (CSV)',
	jsonl: 'Download as it is (JSON)',
	takeNote: 'Downloading is written down too.',
	text: 'Words',
	narrow: 'By who, what and when',
	who: 'Who',
	what: 'What',
	from: 'From',
	to: 'Until',
	find: 'Search',
	clear: 'Start again',
	anything: 'Anything',
	kinds: {
		session: 'signing in and out',
		'session.refuse': 'wrong passwords',
		person: 'people and roles',
		duty: 'duties',
		node: 'devices',
		lane: 'stopwatch',
		site: 'cafeteria details',
		trip: 'trip proofs',
		alert: 'alerts acknowledged',
		'quiet-hours': 'quiet hours',
		'home-assistant': 'Home Assistant',
		audit: 'downloads of the trail'
	},
	noneFound: 'Nothing found. Ask for less.',
	older: 'Older entries',
	found: (n, more) => (more ? `The newest ${n}` : `${n} found`),
	number: 'Number',
	action: 'Act',
	address: 'From where',
	detail: 'What is written',
	hash: 'Fingerprint',
	system: 'The server',
	someNode: 'a device',
	acts: enActs,
	other: (who, action, subject) => `${who}: ${action} ${subject}`,
	dayName: (ms) => `${date(ms, 'en')} ${day(ms).slice(0, 4)}`
};

export const AUDIT_WORDS = { ko, en };

/** One entry as a sentence; `names`: login to name. An act that nobody foresaw is told as it is. */
export function say(entry: Entry, lang: 'ko' | 'en', names: ReadonlyMap<string, string>): string {
	const words = AUDIT_WORDS[lang];
	const named = (login: string) => {
		if (login === 'system') return words.system;
		const name = names.get(login);
		return name && name !== login ? `${name}(${login})` : login;
	};
	const detail: Detail = { ...entry.detail };
	if (entry.action.startsWith('duty.')) detail.people = list(detail.people).map(named);
	const says = words.acts[entry.action] ?? ((who: string) => words.other(who, entry.action, entry.subject));
	const whom = entry.action.startsWith('person.') ? named(entry.subject) : entry.subject;
	const who = entry.action === 'session.refuse' ? entry.actor : named(entry.actor);
	const said = says(who, whom, detail);
	return lang === 'ko' ? said.replace(`${words.system} 님이`, '서버에서') : said;
}
