/** What the sheet of many rows says. */
const count = (n: number) => n.toLocaleString('ko-KR');

const ko = {
	title: '여러 건 한 번에',
	lead: '엑셀 한 장에 5,000줄까지. 줄마다 결과와 근거를 적어 돌려드리고, 못 한 줄에는 이유를 적어요.',
	template: '양식 내려받기',
	choose: '채운 파일 고르기',
	drop: '여기에 끌어다 놓아도 돼요',
	dropNow: '놓으면 셈해요',
	kinds: '.xlsx 또는 CSV, 4MB까지',
	reading: '파일을 읽고 있어요',
	progress: ({ done, of }: { done: number; of: number }) =>
		done < of ? `${count(of)}건 가운데 ${count(done)}건` : `${count(of)}건을 다 보았어요. 결과 파일을 쓰고 있어요`,
	stop: '그만두기',
	stopped: '그만두었어요. 서버에는 아무것도 남지 않았어요.',
	done: (worked: number, refused: number) =>
		refused === 0
			? `${count(worked)}건 모두 셈했어요`
			: worked === 0
				? `${count(refused)}건 모두 셈하지 못했어요. 파일에 이유를 적어 두었어요`
				: `${count(worked)}건 셈함 · ${count(refused)}건은 이유를 적어 두었어요`,
	download: '결과 내려받기',
	another: '다른 파일',
	privacy: '파일은 셈하는 동안만 서버에 있고, 저장하지 않아요.'
};

const en: typeof ko = {
	title: 'Many at once',
	lead: 'Up to 5,000 rows in one sheet. Each row comes back with its result and articles, or with why not.',
	template: 'Download the template',
	choose: 'Choose a filled file',
	drop: 'or drop it here',
	dropNow: 'Drop it to begin',
	kinds: '.xlsx or CSV, up to 4 MB',
	reading: 'Reading the file',
	progress: ({ done, of }) =>
		done < of ? `${count(done)} of ${count(of)}` : `All ${count(of)} looked at. Writing the file`,
	stop: 'Stop',
	stopped: 'Stopped. Nothing is kept on the server.',
	done: (worked, refused) =>
		refused === 0
			? `All ${count(worked)} worked out`
			: `${count(worked)} worked out · ${count(refused)} have a reason in the file`,
	download: 'Download the result',
	another: 'Another file',
	privacy: 'The file is on the server only while it is worked out, and never kept.'
};

export type SheetWords = typeof ko;
export const SHEET_WORDS = { ko, en };
