/** One check over all entries of a log: the first wrong ones by name, then only how many. */
import type { Findings } from './report.ts';
import { said, type CheckName, type Said } from './words.ts';

/** A spoilt log has as many wrong entries as it has entries. */
const NAMED_MAX = 20;

export class Named {
	unknown = 0;
	#count = 0;
	readonly #wrong: Said[] = [];

	get isWrong(): boolean {
		return this.#count > 0;
	}

	add(ko: string, en: string): void {
		this.#count++;
		if (this.#wrong.length < NAMED_MAX) this.#wrong.push(said(ko, en));
	}

	write(findings: Findings, name: CheckName, detail: Said | null = null): void {
		if (this.#count) findings.add(name, 'failed', this.#listed());
		else if (this.unknown)
			findings.add(
				name,
				'missing',
				said(
					`${this.unknown}건이 여기에서 모르는 열쇠나 기록부의 것`,
					`${this.unknown} of a key or a log that is not known here`
				)
			);
		else findings.add(name, 'passed', detail);
	}

	#listed(): Said {
		const more = this.#count - this.#wrong.length;
		const [ko, en] = [this.#wrong.map((one) => one.ko), this.#wrong.map((one) => one.en)];
		if (more) {
			ko.push(`그 밖에 ${more}건`);
			en.push(`and ${more} more`);
		}
		return said(ko.join('; '), en.join('; '));
	}
}

/** Some numbers, and how many more. */
export function few(numbers: readonly number[]): Said {
	const shown = numbers.slice(0, NAMED_MAX).join(', ');
	const more = numbers.length - NAMED_MAX;
	return more > 0 ? said(`${shown} 외 ${more}건`, `${shown} and ${more} more`) : said(shown, shown);
}
