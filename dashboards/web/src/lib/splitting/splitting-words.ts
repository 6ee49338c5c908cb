/** What the page of 쪼개기 says. What it found is told by the hub, in Korean. */
const count = (n: number) => n.toLocaleString('ko');
const won = (amount: number) => `${amount.toLocaleString('ko')}원`;

const ko = {
	title: '쪼개기 점검',
	bulk: {
		title: '계약대장을 넣어 보세요',
		lead: '이름이 비슷하거나 업체가 같은 계약을 한 회계연도와 12개월로 합해, 계약 방법이 달라지는 것을 찾아요. 넣은 표에 줄마다 결과와 이유를 적어 돌려드려요.',
		template: '빈 대장 받기',
		choose: '파일 고르기',
		another: '다른 대장 넣기',
		dropNow: '놓으면 시작해요',
		kinds: '엑셀(.xlsx)이나 CSV, 5,000줄까지',
		done: (worked: number, refused: number) =>
			refused === 0
				? `계약 ${count(worked)}건을 모두 보았어요.`
				: worked === 0
					? `${count(refused)}줄 모두 보지 못했어요. 파일에 이유를 적어 두었어요.`
					: `계약 ${count(worked)}건을 보았고, 보지 못한 ${count(refused)}줄에는 이유를 적어 두었어요.`,
		download: '결과 엑셀 내려받기',
		privacy: '대장은 보는 동안만 서버에 있고, 남기지 않아요.'
	},
	clean: '합하면 방법이 달라지는 계약이 없어요',
	found: (n: number) => `합하면 방법이 달라지는 묶음 ${count(n)}개`,
	group: (n: number) => `${n}번`,
	shownOf: (n: number, m: number) => `${count(m)}개 가운데 ${count(n)}개만 보여요. 모두는 결과 엑셀에 있어요.`,
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
	bulk: {
		title: 'Bring a ledger of contracts',
		lead: 'Contracts with a like name or the same vendor are added up over a fiscal year and twelve months, to find those that would have asked for another method. Your table comes back with a result and a reason beside each row.',
		template: 'Get an empty ledger',
		choose: 'Choose a file',
		another: 'Bring another ledger',
		dropNow: 'Let go to begin',
		kinds: 'Excel (.xlsx) or CSV, up to 5,000 rows',
		done: (worked, refused) =>
			refused === 0
				? `All ${count(worked)} contracts were looked at.`
				: `${count(worked)} contracts were looked at; ${count(refused)} rows were not, and the file says why.`,
		download: 'Download the result',
		privacy: 'The ledger is on the server only while it is looked at, and never kept.'
	},
	clean: 'None would have asked for another method',
	found: (n) => `${count(n)} groups would have asked for another method`,
	group: (n) => `no. ${n}`,
	shownOf: (n, m) => `${n} of ${m} are shown; the file has them all.`,
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
