/** Light or dark: the system's choice, unless somebody chose here. The shell applies it first. */
import { recall, remember } from './memory.ts';

export type Scheme = 'light' | 'dark';

class Colours {
	scheme = $state<Scheme>('light');

	/** Follow the system until somebody chooses. Returns how to stop. */
	start(): () => void {
		const system = matchMedia('(prefers-color-scheme: dark)');
		const follow = () => (this.scheme = chosen() ?? (system.matches ? 'dark' : 'light'));
		follow();
		system.addEventListener('change', follow);
		return () => system.removeEventListener('change', follow);
	}

	toggle(): void {
		this.scheme = this.scheme === 'dark' ? 'light' : 'dark';
		document.documentElement.dataset.scheme = this.scheme;
		remember('scheme', this.scheme);
	}
}

function chosen(): Scheme | null {
	const value = document.documentElement.dataset.scheme ?? recall('scheme');
	return value === 'light' || value === 'dark' ? value : null;
}

export const colours = new Colours();
