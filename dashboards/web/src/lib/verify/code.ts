/** A code that was scanned or typed: TP1 is a sealed proof alone, TP2 the printed pointer. */
import type { Bytes } from '../trip/bytes.ts';
import * as codes from '../trip/codes.ts';
import * as pointers from '../trip/pointer.ts';
import * as seal from '../trip/seal.ts';
import * as statements from '../trip/statement.ts';
import type { Statement } from '../trip/statement.ts';
import { unknown } from './checkpoints.ts';
import { lookedAtKeys, Trusted, type Held } from './held.ts';
import { open, type ProofReport } from './proof.ts';
import { Findings } from './report.ts';
import { said } from './words.ts';

/** Every check of a scanned text against what the reader holds. */
export async function verifyCode(scanned: string, held: Held): Promise<ProofReport> {
	const findings = new Findings();
	const read = await findings.check('readable', () => readable(scanned));
	const [code, content] = read ?? [null, new Uint8Array()];
	const statement = code === 'TP1:' ? await sealed(content, held, findings) : null;
	const pointer = code === 'TP2:' ? await printed(content, held, findings) : null;
	const { answer, checks } = findings;
	return { answer, checks, statement, pointer, verdict: null, loggedAt: null, checkpoint: null, linked: null };
}

function readable(scanned: string): [codes.Code, Bytes] {
	const [code, content] = codes.read(scanned.replace(/[\r\n\t]+/g, '')); // a space is a letter of base45
	if (code === 'TP1:') seal.read(content, seal.FOR_AUDITOR);
	if (code === 'TP2:') pointers.read(content);
	if (code === 'TP3:')
		unknown('휴대전화와 청사 서버가 주고받는 코드입니다', 'A code between phone and hub: not for a verifier');
	return [code, content];
}

/** X alone says nothing of the log; the auditor's key shows what is in it. */
async function sealed(content: Bytes, held: Held, findings: Findings): Promise<Statement | null> {
	findings.add('in_log', 'missing', ALONE);
	const { auditor } = held;
	if (!auditor) {
		findings.add('opened', 'noted');
		return null;
	}
	const opened = await findings.check('opened', () => open(content, auditor));
	if (!opened) return null;
	findings.add('device', 'missing', NO_ENROLMENT);
	return findings.check('readable', () => statements.read(opened));
}

async function printed(content: Bytes, held: Held, findings: Findings) {
	lookedAtKeys(findings, held);
	const trusted = new Trusted(held.keys ?? []);
	const found = await findings.check('pointer', () =>
		pointers.verified(content, trusted.signer(pointers.read(content).kid))
	);
	findings.add('in_log', 'noted', COUNTED);
	return found;
}

const ALONE = said(
	'봉인문만으로는 알 수 없음: 증빙 파일(.tpb)이 필요함',
	'not to be seen from the sealed proof alone: bring its bundle (.tpb)'
);
const NO_ENROLMENT = said(
	'기기 등록 기록이 함께 오지 않았습니다.',
	'The enrolment of the device did not come along.'
);
const COUNTED = said(
	'쪽지가 센 증빙은 전체 기록부(.tpl)에서 견줌',
	'the proofs that it counts are found in the log export (.tpl)'
);
