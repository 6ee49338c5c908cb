/** What a verifier says: the hub's own words (hub/tripproof/words.py, verify/words.py). */
import type { Wrong } from '../trip/errors.ts';

/** The same in both languages. */
export interface Said {
	ko: string;
	en: string;
}

export type Answer = 'genuine' | 'changed' | 'unknown';

export const said = (ko: string, en: string): Said => ({ ko, en });

/** The answer in one word, as it stands in the middle of the page. */
export const ANSWER_NAMES: Record<Answer, Said> = {
	genuine: said('진짜', 'Genuine'),
	changed: said('바뀜', 'Changed'),
	unknown: said('알 수 없음', 'Unknown')
};

export const ANSWERS: Record<Answer, Said> = {
	genuine: said('진짜: 기록된 뒤로 바뀌지 않았습니다.', 'Genuine: unchanged since it was recorded.'),
	changed: said(
		'바뀜: 서명된 것과 맞지 않는 것이 있습니다.',
		'Changed: something contradicts what was signed.'
	),
	unknown: said(
		'알 수 없음: 견줄 것이 모자랍니다.',
		'Unknown: something to compare with is missing.'
	)
};

export const LIMIT = said(
	'이 결과는 누가 어디에 있었는지를 증명하지 않습니다. 판단은 사람이 합니다.',
	'This does not prove where anybody was. A person decides.'
);

/** Each thing that is looked at. */
export const CHECKS = {
	readable: said('파일을 읽을 수 있음', 'the file can be read'),
	keys_held: said('청사 서버의 열쇠를 미리 가지고 있음', "the hub's keys are held beforehand"),
	checkpoint: said('확인점에 청사 서버가 서명함', 'the hub signed the checkpoint'),
	cosigned: said(
		'확인점에 다른 기관이 함께 서명함',
		'a second office signed the checkpoint too'
	),
	in_log: said('이 기록이 기록부에 들어 있음', 'this entry is in the log'),
	held: said('가지고 있던 확인점과 이어짐', 'the log goes on from the checkpoint that is held'),
	verdict_signed: said('판정에 청사 서버가 서명함', 'the hub signed the verdict'),
	verdict_logged: said('기록된 판정 그대로임', 'it is the verdict that was logged'),
	verdict_fits: said('판정이 이 기록의 것임', 'the verdict belongs to this entry'),
	sealed_logged: said('기록된 봉인문 그대로임', 'it is the sealed proof that was logged'),
	opened: said('감사 열쇠로 열림', "the auditor's key opens it"),
	statement_logged: said('기록된 진술 그대로임', 'it is the statement that was logged'),
	device: said('등록된 기기가 서명함', 'an enrolled device signed it'),
	statement_fits: said('판정이 진술과 맞음', 'the verdict fits the statement'),
	related: said('함께 온 기록이 기록부에 들어 있음', 'what came along is in the log'),
	complete: said('빠진 기록이 없음', 'no entry is missing'),
	order: said('기록의 차례가 바르고 시각이 거꾸로 가지 않음', 'the entries are in order'),
	bodies: said('판정과 붙임이 기록된 그대로임', 'verdicts and records are as logged'),
	roots: said('기록부가 서명된 확인점과 맞음', 'the log leads to the roots that were signed'),
	fork: said('기록부가 갈라지지 않음', 'the log was not forked'),
	pointer: said('쪽지에 청사 서버가 서명함', 'the hub signed the printed code')
} as const satisfies Record<string, Said>;

export type CheckName = keyof typeof CHECKS;

/** Why something is refused, for whoever does not read English. */
export const WRONG: Record<Wrong, string> = {
	MalformedProof: '정해진 형식이 아닙니다.',
	BadSignature: '서명이 맞지 않습니다. 내용이나 열쇠가 바뀌었습니다.',
	CannotOpen: '이 열쇠로 열리지 않습니다. 다른 열쇠의 것이거나 바뀌었습니다.',
	UnknownKey: '여기에서 모르는 열쇠나 기록부의 것입니다.',
	LogContradicts: '기록부와 어긋납니다. 바뀌었거나, 빠졌거나, 끼어들었습니다.'
};

/** Where the place lies, by the number in a verdict. Grades, kinds, reasons: trip/reasons.ts. */
export const PLACES: readonly Said[] = [
	said('비교할 좌표 없음', 'no coordinates to compare'),
	said('출장지 안', 'at the destination'),
	said('출장지 부근', 'near the destination'),
	said('출장지 밖', 'away from the destination')
];

/** What a leaf of the log tells of, by its type. */
export const LEAVES: readonly Said[] = [
	said('', ''),
	said('증빙', 'proof'),
	said('검사하지 않은 봉인문', 'unchecked sealed proof'),
	said('기기 등록', 'enrolment'),
	said('기기 해지', 'revocation'),
	said('출장명령', 'trip order'),
	said('판정 기준', 'policy'),
	said('열쇠 목록', 'key set'),
	said('소명', 'appeal'),
	said('좌표 열람', 'access to coordinates'),
	said('파기', 'destruction'),
	said('출장명령 연결', 'link to an order'),
	said('다시 한 판정', 'new verdict'),
	said('동의', 'consent')
];
