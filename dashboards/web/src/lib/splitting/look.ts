/** What the hub found in a ledger of contracts. */
import type { components } from '#lib/api/schema.d.ts';

export type Checked = components['schemas']['SplittingSeen'];
export type Finding = components['schemas']['SplitSeen'];
