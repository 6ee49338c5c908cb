/** What the page of 쪼개기 says. What it found is told by the hub, in Korean. */
const won = (amount: number) => `${amount.toLocaleString('ko')}원`;

const ko = {
	title: '쪼개기 점검',
	ask: '계약대장을 넣어 보세요',
	lead: '이름이 비슷하거나 업체가 같은 계약을 한 회계연도와 12개월로 합해, 계약 방법이 달라지는 것을 찾아요.',
	privacy: '대장은 읽기만 하고 서버에 남기지 않아요.',
	kinds: '엑셀(.xlsx)이나 CSV, 2,000줄까지',
	template: '빈 대장 받기',
	choose: '파일 고르기',
	another: '다른 대장 넣기',
	drop: '여기로 끌어 놓아도 돼요',
	dropNow: '놓으면 시작해요',
	reading: '읽고 있어요…',
	clean: (n: number) => `${n.toLocaleString('ko')}건을 보았어요. 합하면 방법이 달라지는 계약이 없어요.`,
	found: (n: number) => `합하면 방법이 달라지는 묶음 ${n.toLocaleString('ko')}개`,
	checked: (n: number, m: number) => `계약 ${n.toLocaleString('ko')}건을 보았고, 못 본 줄은 ${m.toLocaleString('ko')}줄이에요.`,
	shownOf: (n: number, m: number) => `${m.toLocaleString('ko')}개 가운데 ${n.toLocaleString('ko')}개만 보여요.`,
	year: (day: string) => `${day.slice(0, 4)} 회계연도`,
	months: (first: string, last: string) => `${first} ~ ${last}`,
	sum: (amount: number, n: number) => `${n}건 합계 ${won(amount)}`,
	change: (alone: string, together: string) => `따로는 ${alone}, 합하면 ${together}`,
	table: '묶인 계약',
	head: { row: '줄', day: '계약일', name: '계약명', vendor: '업체', won: '추정가격' },
	won,
	refused: '보지 못한 줄',
	refusedRow: (n: number) => `${n}줄`,
	notes: '알아 둘 것'
};

const en: typeof ko = {
	title: 'Split contracts',
	ask: 'Bring a ledger of contracts',
	lead: 'Contracts with a like name or the same vendor are added up over a fiscal year and twelve months, to find those that would have asked for another method.',
	privacy: 'The ledger is only read; the server keeps nothing of it.',
	kinds: 'Excel (.xlsx) or CSV, up to 2,000 rows',
	template: 'Get an empty ledger',
	choose: 'Choose a file',
	another: 'Bring another ledger',
	drop: 'or drop it here',
	dropNow: 'Let go to begin',
	reading: 'Reading…',
	clean: (n) => `${n.toLocaleString('en')} contracts were looked at. None would have asked for another method.`,
	found: (n) => `${n.toLocaleString('en')} groups would have asked for another method`,
	checked: (n, m) => `${n.toLocaleString('en')} contracts were looked at; ${m.toLocaleString('en')} rows were not.`,
	shownOf: (n, m) => `${n} of ${m} are shown.`,
	year: (day) => `fiscal year ${day.slice(0, 4)}`,
	months: (first, last) => `${first} to ${last}`,
	sum: (amount, n) => `${n} contracts, ${won(amount)}`,
	change: (alone, together) => `alone ${alone}, together ${together}`,
	table: 'The contracts',
	head: { row: 'Row', day: 'Day', name: 'Contract', vendor: 'Vendor', won: 'Price without VAT' },
	won,
	refused: 'Rows that were not looked at',
	refusedRow: (n) => `row ${n}`,
	notes: 'To know'
};

export const SPLITTING_WORDS = { ko, en };
