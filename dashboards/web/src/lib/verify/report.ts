/** Findings: each check with its outcome, and the answer that they add up to. */
import { TripProofError } from '../trip/errors.ts';
import { said, WRONG, type Answer, type CheckName, type Said } from './words.ts';

export type Outcome = 'passed' | 'failed' | 'missing' | 'noted';

/** One check: which (`CHECKS[name]` in words), what it came to, and where or why. */
export interface Check {
	name: CheckName;
	outcome: Outcome;
	detail: Said | null;
}

/** What a verifier found. */
export interface Report {
	answer: Answer;
	checks: Check[];
}

/** A reason of our own, in both languages. */
export class Finding extends TripProofError {
	readonly said: Said;

	constructor(wrong: TripProofError['wrong'], words: Said) {
		super(wrong, words.en);
		this.said = words;
	}
}

/** Findings as they come. Something that contradicts outweighs all; then what is missing. */
export class Findings implements Report {
	readonly checks: Check[] = [];

	get answer(): Answer {
		const outcomes = new Set(this.checks.map(({ outcome }) => outcome));
		if (outcomes.has('failed')) return 'changed';
		return outcomes.has('missing') || !outcomes.has('passed') ? 'unknown' : 'genuine';
	}

	add(name: CheckName, outcome: Outcome, detail: Said | null = null): void {
		this.checks.push({ name, outcome, detail });
	}

	holds(name: CheckName, holds: boolean): void {
		this.add(name, holds ? 'passed' : 'failed');
	}

	/** Write down what comes of `look`: passed, missing a key, or failed and why; give its result. */
	async check<T>(name: CheckName, look: () => T | Promise<T>): Promise<T | null> {
		try {
			const found = await look();
			this.add(name, 'passed');
			return found;
		} catch (error) {
			const { outcome, detail } = refused(error);
			this.add(name, outcome, detail);
			return null;
		}
	}

	failed(name: CheckName): boolean {
		return this.checks.some((one) => one.name === name && one.outcome === 'failed');
	}
}

/** An error of the family as an outcome; any other is thrown on. */
export function refused(error: unknown): { outcome: Outcome; detail: Said } {
	if (!(error instanceof TripProofError)) throw error;
	return { outcome: error.wrong === 'UnknownKey' ? 'missing' : 'failed', detail: inWords(error) };
}

/** Why, in both languages. */
export function inWords(error: TripProofError): Said {
	return error instanceof Finding ? error.said : said(WRONG[error.wrong], error.message);
}
