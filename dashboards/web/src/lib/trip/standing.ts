/**
 * How this phone's key stands, told to the key itself: why it ended, who reads from now on, which
 * orders there are, what was proved lately. A session is not needed; offline the last answer holds.
 */
import * as ask from './ask.ts';
import { led, type AuditorTold } from './auditors.ts';
import { type Bytes } from './bytes.ts';
import { change, device as read, type Device, type Order, type Proved, type Store } from './store.ts';

type Hear = (db: Store, path: string, method: string, body: Bytes) => Promise<Response>;

interface Standing {
	ended_at: string | null;
	reason: number | null;
	until: string | null;
	auditor: AuditorTold;
	orders: { trip: string; begins_at: string; ends_at: string; place: string; purpose: string }[];
}

interface Row {
	cti: string;
	trip: string;
	kind: number;
	minute: string;
	grade: number;
	reasons: number[];
	appealed: boolean;
}

/** As many as somebody looks back on. */
const LATELY = 40;

/** Ask, and keep what is said. Throws as `hear` does. */
export async function stand(db: Store, hear: Hear): Promise<void> {
	const held = await read(db);
	if (!held) return;
	const told = (await asked(db, held, hear, 'standing', '/api/v1/trips/standing')) as Standing;
	const rows = (await asked(db, held, hear, 'ownProofs', '/api/v1/trips/proofs/own')) as Row[];
	const found = await led(held.auditor, told.auditor);
	await change(
		db,
		(now) => {
			now.why = told.reason;
			now.ended = told.ended_at ? 'trip-key-ended' : told.until ? null : 'trip-no-consent';
			if (told.until) now.until = seconds(told.until);
			Object.assign(now, found);
			now.orders = told.orders.map(order);
			now.proved = rows.slice(0, LATELY).map(proved);
		},
		held.key.public.kid
	);
}

async function asked(
	db: Store,
	held: Device,
	hear: Hear,
	purpose: ask.Purpose,
	path: string
): Promise<unknown> {
	const question = await ask.sign(held.key, purpose, Math.floor(Date.now() / 1000));
	return (await hear(db, path, 'POST', question)).json();
}

function order({ trip, begins_at, ends_at, place, purpose }: Standing['orders'][number]): Order {
	return { trip, beginsAt: seconds(begins_at), endsAt: seconds(ends_at), place, purpose };
}

function proved({ cti, trip, kind, minute, grade, reasons, appealed }: Row): Proved {
	return { cti, trip, kind, at: seconds(minute), grade, reasons, appealed };
}

function seconds(moment: string): number {
	return Math.floor(Date.parse(moment) / 1000);
}
