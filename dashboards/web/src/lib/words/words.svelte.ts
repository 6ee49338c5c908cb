/** The language of the page: Korean, or English when somebody chose it. Remembered. */
import { recall, remember } from '../memory.ts';
import { en } from './en.ts';
import { ko, type Words } from './ko.ts';

const DICTIONARY = { ko, en };
export type Lang = keyof typeof DICTIONARY;

class Speech {
	lang = $state<Lang>('ko');

	get words(): Words {
		return DICTIONARY[this.lang];
	}

	/** Take what the address asks for (`?lang=en`), else what was chosen before. */
	start(asked: string | null): void {
		this.speak((asked ?? recall('lang')) === 'en' ? 'en' : 'ko');
	}

	choose(lang: Lang): void {
		remember('lang', lang);
		this.speak(lang);
	}

	/** A name that the office gave, in the language of the page. */
	name(of: { name: string; name_en: string }): string {
		return this.lang === 'en' ? of.name_en || of.name : of.name;
	}

	place(of: { place: string; place_en: string }): string {
		return this.lang === 'en' ? of.place_en || of.place : of.place;
	}

	private speak(lang: Lang): void {
		this.lang = lang;
		document.documentElement.lang = lang;
	}
}

export const speech = new Speech();
