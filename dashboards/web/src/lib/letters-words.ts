/** What the page of dead letters says. English has the shape of Korean. */
const ko = {
	title: '읽지 못한 기록',
	loading: '기록을 읽고 있어요',
	none: '읽지 못한 기록이 없어요',
	noneText: '노드가 보낸 것을 허브가 받을 수 없으면, 까닭과 할 일이 여기에 나와요.',
	some: (n: number) => `읽지 못한 기록이 ${n.toLocaleString('ko')}건 있어요`,
	noneOfThese: '고른 것에 맞는 기록이 없어요',
	lead: (times: number, at: string) => `모두 ${times.toLocaleString('ko')}번 왔어요 · ${at} 기준`,
	forgotten: (n: number) =>
		`그 밖에 ${n.toLocaleString('ko')}번은 자리가 차서 내용을 지우고 세기만 했어요.`,
	safe: '허브는 이 기록들을 세는 데 쓰지 않았어요.',
	reasons: '까닭과 할 일',
	nodes: '어느 노드',
	unknownNode: '등록하지 않은 이름',
	moreNodes: (n: number) => `이름 ${n.toLocaleString('ko')}개가 더 있어요.`,
	onlyThese: '고른 것만',
	all: '모두 보기',
	newest: '새것부터',
	times: (n: number) => `${n.toLocaleString('ko')}번`,
	letters: (n: number) => `${n.toLocaleString('ko')}건`,
	size: (n: number) => bytes(n, 'ko'),
	toDo: '할 일',
	why: '허브가 적은 까닭',
	begins: '보낸 내용',
	beginsCut: '보낸 내용의 앞부분',
	nothing: '내용이 없어요',
	unseen: '⟨ ⟩ 안은 눈에 보이지 않는 글자나 읽을 수 없는 바이트예요.',
	firstAt: '처음 온 때',
	more: '더 보기',
	toNode: '기기 화면',
	failed: '읽지 못했어요',
	unreachable: '서버와 연결이 끊겼어요',
	unreachableText: '사무실 망에 이어져 있는지 보고 다시 해 주세요.',
	again: '다시 읽기'
};

const en: typeof ko = {
	title: 'Refused messages',
	loading: 'Reading what was refused',
	none: 'Nothing was refused',
	noneText: 'What a node sends and the hub cannot take is shown here, with the reason and what to do.',
	some: (n) => (n === 1 ? '1 message was refused' : `${n.toLocaleString('en')} messages were refused`),
	noneOfThese: 'Nothing fits what you chose',
	lead: (times, at) => `They came ${times.toLocaleString('en')} times in all · as of ${at}`,
	forgotten: (n) =>
		`${n.toLocaleString('en')} more were only counted: there was no room to keep what they said.`,
	safe: 'The hub counted with none of these.',
	reasons: 'Why, and what to do',
	nodes: 'Which node',
	unknownNode: 'Not registered',
	moreNodes: (n) => `And ${n.toLocaleString('en')} more names.`,
	onlyThese: 'Only these',
	all: 'Show all',
	newest: 'Newest first',
	times: (n) => `${n.toLocaleString('en')}×`,
	letters: (n) => (n === 1 ? '1 message' : `${n.toLocaleString('en')} messages`),
	size: (n) => bytes(n, 'en'),
	toDo: 'What to do',
	why: 'What the hub wrote down',
	begins: 'What it said',
	beginsCut: 'How it begins',
	nothing: 'It was empty',
	unseen: 'In ⟨ ⟩: letters that cannot be seen, and bytes that cannot be read.',
	firstAt: 'First came',
	more: 'Show more',
	toNode: 'Its page',
	failed: 'It could not be read',
	unreachable: 'The server does not answer',
	unreachableText: 'See whether you are on the office network, and try again.',
	again: 'Read again'
};

function bytes(n: number, lang: string): string {
	if (n < 1024) return `${n} ${lang === 'ko' ? '바이트' : n === 1 ? 'byte' : 'bytes'}`;
	const [size, unit] = n < 1024 ** 2 ? [n / 1024, 'KiB'] : [n / 1024 ** 2, 'MiB'];
	return `${size.toLocaleString(lang, { maximumFractionDigits: 1 })} ${unit}`;
}

export const LETTERS_WORDS = { ko, en };
