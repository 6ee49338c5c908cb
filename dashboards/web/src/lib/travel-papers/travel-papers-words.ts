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
	bulk: {
		request: '한 줄이 출장 한 건이에요. 줄마다 출장신청서(HWPX)를 만들어 결과 표와 함께 압축 파일(zip) 하나로 드려요.',
		settlement:
			'한 줄이 출장 한 건이고, 구분이 같은 줄은 한 사람의 정산서 한 장이 돼요. 복명 내용을 적은 출장은 복명서도 만들어, 결과 표와 함께 압축 파일(zip) 하나로 드려요.'
	}
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
	bulk: {
		request: 'A row is a trip. Each gets its request (HWPX); all come back with the sheet in one zip.',
		settlement:
			'A row is a trip; rows with the same 구분 are one person\'s settlement. A trip with a report gets that too. All come back with the sheet in one zip.'
	}
};

export const TRAVEL_PAPERS_WORDS = { ko, en };
