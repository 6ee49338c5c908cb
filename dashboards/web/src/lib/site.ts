/** What the page of the office itself asks and sends. Shapes are the hub's. */
import type { components } from './api/schema.d.ts';

type Schemas = components['schemas'];
export type SiteSeen = Schemas['SiteSeen'];
export type Settings = Schemas['SiteSettings'];
export type SiteVersion = Schemas['SiteVersionSeen'];
export type Holiday = Schemas['HolidaySeen'];

/** The weekday of an ISO day: Monday is 1. */
export const weekdayOf = (day: string) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

/** A close at the end of the day: a field for times knows no 24:00. */
export const toField = (close: string) => (close === '24:00' ? '00:00' : close);
export const toClose = (field: string) => (field === '00:00' ? '24:00' : field);
