/** What stands on the front page of the automations beside the questions that the hub names. */
import type { components } from '#lib/api/schema.d.ts';

export type Question = components['schemas']['QuestionSeen'];
export type Field = components['schemas']['FieldSeen'];
export type Answer = components['schemas']['AnswerSeen'];
export type Cited = components['schemas']['CitedSeen'];
export type Group = 'paper' | 'accounting' | 'attendance' | 'travel' | 'rules';

export interface Tool {
	group: Group;
	href: string;
	title: string;
	says: string;
}

const GROUPS: Record<Question['group'], Group> = {
	회계: 'accounting', 복무: 'attendance', 출장: 'travel'
};

/** Pages that are more than a form. */
export const PAGES: readonly Tool[] = [];

/** All there is to do, in the order of the groups. */
export function toolsOf(questions: readonly Question[]): Tool[] {
	const asked = questions.map(({ group, name, title, says }) => ({
		group: GROUPS[group], href: `/do/ask?of=${name}`, title, says
	}));
	return [...PAGES, ...asked];
}
