/**
 * The verifier in a browser: genuine, changed or unknown, by which checks, in words.
 *
 * The same checks as `python -m hub.tripproof.verify`; neither hub nor network.
 */
import type { Bytes } from '../trip/bytes.ts';
import { verifyCode } from './code.ts';
import type { Held } from './held.ts';
import { verifyBundle, type ProofReport } from './proof.ts';

export type { Bytes } from '../trip/bytes.ts';
export { isLog } from '../trip/bundle.ts';
export { recognised, type Brought } from './brought.ts';
export { NOTHING_HELD, type Held } from './held.ts';
export { heldCheckpoint, keySet } from './reading.ts';
export { verifyLog, type LogReport, type Progress } from './log.ts';
export type { ProofReport } from './proof.ts';
export type { Check, Outcome, Report } from './report.ts';
export * from './words.ts';

/** A proof bundle (.tpb), or the text of a code (TP1, TP2). */
export function verifyProof(proof: Bytes | string, held: Held): Promise<ProofReport> {
	return typeof proof === 'string' ? verifyCode(proof, held) : verifyBundle(proof, held);
}
