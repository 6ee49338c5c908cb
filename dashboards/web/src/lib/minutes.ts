/** Seconds of waiting as whole minutes. The only place where they are rounded. */

export const roundMinutes = (s: number) => Math.max(1, Math.round(s / 60));
export const floorMinutes = (s: number) => Math.floor(s / 60);
export const ceilMinutes = (s: number) => Math.ceil(s / 60);
