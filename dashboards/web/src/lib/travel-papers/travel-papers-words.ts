/** What the page of travel papers says; what stands in the papers themselves is Korean. */
const ko = {
	title: '출장신청·여비정산',
	which: '문서',
	papers: { request: '출장신청서', settlement: '여비정산 신청서' },
	lead: '여행시간은 출장명령의 시각이에요. 출장 증빙은 옆에 적힐 뿐 금액을 바꾸지 않아요.',
	leadRequest: '적은 것은 문서로만 만들고 서버에 남기지 않아요.',
	hwpx: '한글(HWPX)로 받기',
	pdf: 'PDF로 받기',
	making: '만들고 있어요…',
	made: '만들었어요. 내려받은 파일을 확인해 주세요.',
	missing: (what: string) => `꼭 적을 것이 남았어요. ${what}`,
	file: '문서 받기',
	empty: '출장을 적으면 여비가 여기에 나와요',
	people: (n: number) => `${n}명의 합계는 문서에 적혀요. 여기는 한 사람 몫이에요.`
};

const en: typeof ko = {
	title: 'Travel papers',
	which: 'Paper',
	papers: { request: 'Request', settlement: 'Settlement' },
	lead: 'Hours are those of the order. What trip proofs said stands beside and changes no amount.',
	leadRequest: 'What you type is drawn and not kept.',
	hwpx: 'As HWPX',
	pdf: 'As PDF',
	making: 'Being made…',
	made: 'Made. Look at the file that was downloaded.',
	missing: (what) => `Something that is needed is missing: ${what}`,
	file: 'The paper',
	empty: 'Fill in the trip and its allowance comes here',
	people: (n) => `The sum for ${n} people stands in the paper; here is one person's share.`
};

export const TRAVEL_PAPERS_WORDS = { ko, en };
