/** The API's answers by their short names. The shapes are generated: `npm run types`. */
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Board = Schemas['Board'];
export type Site = Schemas['SiteNow'];
export type Zone = Schemas['ZoneNow'];
export type Node = Schemas['NodeNow'];
export type Advice = Schemas['Advice'];
export type History = Schemas['History'];
export type Forecast = Schemas['Forecast'];
export type Level = NonNullable<Zone['level']>;
export type Reason = NonNullable<Zone['reason']>;

export const LEVELS = ['relaxed', 'moderate', 'busy', 'crowded'] as const satisfies Level[];
