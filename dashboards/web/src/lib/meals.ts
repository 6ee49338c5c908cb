/**
 * Meals as people type them: a dish a line, and a line such as [A코스] before the dishes of a course.
 * Pure; what a table means is read by the hub.
 */
import type { components } from './api/schema.d.ts';

type Schemas = components['schemas'];
export type MealDay = Schemas['MealDay'];
export type Course = Schemas['Course'];
export type MealsRead = Schemas['MealsRead'];

const NAMED = /^\s*[[【]\s*(.+?)\s*[\]】]\s*$/;

/** Courses as lines. */
export function toText(courses: readonly Course[]): string {
	return courses
		.map(({ name, dishes }) => [...(name ? [`[${name}]`] : []), ...dishes].join('\n'))
		.join('\n\n');
}

/** Lines as courses; a course without dishes is left out. */
export function fromText(text: string): Course[] {
	const courses: { name: string; dishes: string[] }[] = [{ name: '', dishes: [] }];
	for (const line of text.split(/\n|,/)) {
		const named = NAMED.exec(line);
		if (named) courses.push({ name: named[1]!, dishes: [] });
		else if (line.trim()) courses.at(-1)!.dishes.push(line.trim());
	}
	return courses.filter((course) => course.dishes.length);
}

/** The Monday of the week in which an ISO day lies. */
export function mondayOf(day: string): string {
	const at = new Date(`${day}T00:00:00Z`);
	return daysAfter(day, -((at.getUTCDay() + 6) % 7));
}

/** The ISO day so many days later. */
export function daysAfter(day: string, days: number): string {
	const at = new Date(`${day}T00:00:00Z`);
	at.setUTCDate(at.getUTCDate() + days);
	return at.toISOString().slice(0, 10);
}
