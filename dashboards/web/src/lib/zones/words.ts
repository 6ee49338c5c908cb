/** What the zones page says. English has the shape of Korean. */
import type { Slip } from './shapes.ts';

const when = (iso: string, lang: string) =>
	new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Seoul' })
		.format(new Date(iso));
const percent = (x: number) => Math.round(x * 100);

const ko = {
	title: '구역 그리기',
	home: '처음으로',
	loading: '불러오는 중이에요…',
	noNode: '어느 노드인지 주소에 없어요. 장치 화면에서 노드를 골라 들어오세요.',
	again: '다시 불러오기',
	applied: '노드가 이 그림대로 세고 있어요',
	waiting: '노드가 아직 받지 않았어요',
	refused: '노드가 거절했어요',
	nothing: '아직 아무것도 그리지 않았어요',
	offline: '노드가 꺼져 있어요. 저장해 두면 켜질 때 받아요.',
	simulated: '가상으로 그린 화면이에요. 실제 사람이 아니에요.',
	wanted: '바라는 설정',
	reported: '노드가 쓰는 설정',
	revision: (n: number) => (n === 0 ? '없음' : `${n}번`),
	picture: '사진 찍기',
	pictureAgain: '다시 찍기',
	pictureWhy: '30초 동안 찍어 지나가는 사람은 사라지고, 남은 사람은 알아볼 수 없게 뭉갭니다. 부탁한 사람에게 10분만 보여요.',
	pictureWaits: (s: number) => `찍는 중이에요. ${s}초쯤 남았어요.`,
	pictureSoon: '거의 다 됐어요…',
	pictureHere: (blurred: number, at: string) =>
		`${blurred ? `${blurred}곳을 뭉갰어요. ` : ''}${when(at, 'ko')}에 지워져요.`,
	pictureGone: '10분이 지나 사진을 지웠어요.',
	pictureSilent: '노드가 답하지 않아요. 전원과 연결을 확인하고 다시 찍어 주세요.',
	noPicture: '사진이 아직 없어요. 사진 없이도 그릴 수 있어요.',
	canvas: '카메라 그림. 점에 초점을 두고 화살표로 옮기고, Delete로 지워요.',
	add: { queue: '줄', seating: '좌석', counter: '배식대', line: '지나는 선', floor: '바닥 재기' },
	kinds: { queue: '줄', seating: '좌석', counter: '배식대' },
	counts: { served: '받고 나감', entered: '줄에 들어옴' },
	undo: '되돌리기',
	redo: '다시 하기',
	name: '이름',
	kind: '종류',
	near: '작게 보이는 사람이 많아요 (크게 다시 봄)',
	remove: '지우기',
	flip: '방향 바꾸기',
	forZone: '어느 줄',
	countsAs: '세는 뜻',
	people: (n: number) => `지금 ${n}명`,
	zones: '구역',
	lines: '지나는 선',
	lineHint: '화살표 쪽으로 지나가면 셉니다.',
	floor: '바닥 재기',
	floorHint: '바닥에 큰 네모를 정하고 줄자로 잰 자리를 적어요 (미터).',
	corner: (n: number) => `${n}번 점`,
	across: '가로 m',
	along: '세로 m',
	fifth: '다섯째 점으로 확인',
	fifthError: (m: number) =>
		`다섯째 점은 ${m.toFixed(2)} m 어긋나요. ${m <= 0.3 ? '잘 맞아요.' : '네 점을 다시 재 보세요.'}`,
	point: (name: string, n: number, x: number, y: number) =>
		`${name}, 점 ${n}, 가로 ${percent(x)} %, 세로 ${percent(y)} %`,
	midpoint: (name: string, n: number) => `${name}, ${n}번 점 다음에 점 더하기`,
	line: (n: number) => `선 ${n}`,
	save: '저장하고 노드에 보내기',
	saving: '보내는 중이에요…',
	saved: '저장했어요. 노드가 받으면 위에 보여요.',
	unsaved: '저장하지 않은 것이 있어요.',
	history: '지난 설정',
	noHistory: '여기에 저장한 것이 차례로 쌓여요.',
	takeBack: '이때로 되돌리기',
	backTo: (n: number) => `${n}번으로 되돌림`,
	first: '처음 설정',
	by: (who: string, at: string) => `${who === 'system' ? '설정 파일' : who} · ${when(at, 'ko')}`,
	change: (what: string, name: string, how: string) => {
		const thing = { zone: `구역 '${name}'`, line: `선 ${name}`, floor: '바닥' }[what];
		return `${thing} ${{ added: '더함', removed: '지움', changed: '고침' }[how]}`;
	},
	live: '지금 보이는 사람을 네모로 보여요. 숫자만 오고 그림은 오지 않아요.',
	notLive: '노드가 지금 보는 것이 아직 오지 않아요.',
	slip: (slip: Slip): string => {
		switch (slip.kind) {
			case 'unnamed': return '구역에 이름을 지어 주세요.';
			case 'crossing': return `'${slip.name}' 구역의 선이 서로 엇갈려요. 점을 차례대로 옮겨 주세요.`;
			case 'small': return `'${slip.name}' 구역이 너무 작아요. 사람이 설 수 있게 넓혀 주세요.`;
			case 'short': return '선이 너무 짧아요. 더 길게 그어 주세요.';
			case 'stray-line': return '선이 속한 구역이 없어요. 선에 구역을 정해 주세요.';
			case 'in-line-picture': return '바닥의 네 점 가운데 셋이 그림에서 한 줄에 있어요. 큰 네모로 옮겨 주세요.';
			case 'in-line-floor': return '바닥의 네 점 가운데 셋이 한 줄로 적혔어요. 잰 자리를 확인해 주세요.';
		}
	}
};

export type ZoneWords = typeof ko;

const en: ZoneWords = {
	title: 'Draw zones',
	home: 'Home',
	loading: 'Loading…',
	noNode: 'The address names no node. Come here from the devices page.',
	again: 'Load again',
	applied: 'The node counts by this drawing',
	waiting: 'The node has not taken it yet',
	refused: 'The node refused it',
	nothing: 'Nothing is drawn yet',
	offline: 'The node is off. It takes what you save when it is back.',
	simulated: 'This is a rendered scene. Nobody in it is real.',
	wanted: 'Wanted',
	reported: 'In use on the node',
	revision: (n) => (n === 0 ? 'none' : `revision ${n}`),
	picture: 'Take a picture',
	pictureAgain: 'Take another',
	pictureWhy: 'It takes 30 s, so people who pass vanish; who stays is made unknowable. Only you see it, for ten minutes.',
	pictureWaits: (s) => `Taking it. About ${s} s left.`,
	pictureSoon: 'Almost there…',
	pictureHere: (blurred, at) =>
		`${blurred ? `${blurred} places made unknowable. ` : ''}Forgotten at ${when(at, 'en')}.`,
	pictureGone: 'Ten minutes are over: the picture is gone.',
	pictureSilent: 'The node does not answer. Check its power and network, then try again.',
	noPicture: 'There is no picture yet. You can draw without one.',
	canvas: 'The camera’s picture. Focus a point; arrow keys move it, Delete removes it.',
	add: { queue: 'Queue', seating: 'Seats', counter: 'Counter', line: 'Crossing line', floor: 'Measure floor' },
	kinds: { queue: 'Queue', seating: 'Seats', counter: 'Counter' },
	counts: { served: 'served', entered: 'joined' },
	undo: 'Undo',
	redo: 'Redo',
	name: 'Name',
	kind: 'Kind',
	near: 'People look small here (look again, enlarged)',
	remove: 'Remove',
	flip: 'Turn round',
	forZone: 'Of which queue',
	countsAs: 'Counts as',
	people: (n) => `${n} now`,
	zones: 'Zones',
	lines: 'Crossing lines',
	lineHint: 'Walking along the arrow counts.',
	floor: 'Floor',
	floorHint: 'Mark a large rectangle and write where its corners are, in metres.',
	corner: (n) => `Point ${n}`,
	across: 'Across, m',
	along: 'Along, m',
	fifth: 'Check with a fifth point',
	fifthError: (m) => `The fifth point is ${m.toFixed(2)} m off. ${m <= 0.3 ? 'Good.' : 'Measure again.'}`,
	point: (name, n, x, y) => `${name}, point ${n}, ${percent(x)} % across, ${percent(y)} % down`,
	midpoint: (name, n) => `${name}, add a point after point ${n}`,
	line: (n) => `Line ${n}`,
	save: 'Save and send to the node',
	saving: 'Sending…',
	saved: 'Saved. The line above tells when the node has it.',
	unsaved: 'There are changes that are not saved.',
	history: 'Earlier drawings',
	noHistory: 'What you save is listed here.',
	takeBack: 'Go back to this',
	backTo: (n) => `back to ${n}`,
	first: 'the first one',
	by: (who, at) => `${who === 'system' ? 'site file' : who} · ${when(at, 'en')}`,
	change: (what, name, how) => {
		const thing = { zone: `zone '${name}'`, line: `line ${name}`, floor: 'floor' }[what];
		return `${thing} ${how}`;
	},
	live: 'Boxes are people seen right now. Only numbers come, no pictures.',
	notLive: 'Nothing is heard yet of what the node sees.',
	slip: (slip) => {
		switch (slip.kind) {
			case 'unnamed': return 'Give the zone a name.';
			case 'crossing': return `The outline of '${slip.name}' crosses itself. Move its points into order.`;
			case 'small': return `'${slip.name}' is too small for anybody to stand in. Make it larger.`;
			case 'short': return 'The line is too short. Draw it longer.';
			case 'stray-line': return 'The line belongs to no zone. Choose one for it.';
			case 'in-line-picture': return 'Three of the four floor points lie in a line on the picture. Make a large rectangle.';
			case 'in-line-floor': return 'Three of the four measured places lie in a line. Check what you measured.';
		}
	}
};

export const ZONE_WORDS = { ko, en };
