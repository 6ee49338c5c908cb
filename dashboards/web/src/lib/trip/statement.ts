/** S: what a phone signs at one touch (docs/trip-protocol.md, section 2). */
import { same, utf8, type Bytes } from './bytes.ts';
import * as cbor from './cbor.ts';
import type { Key, Value } from './cbor.ts';
import { malformed } from './errors.ts';
import { CTI_BYTES, HASH16_BYTES, HASH_BYTES, integer, items, mapping, octets, text } from './fields.ts';
import type { OwnKey, PublicKey } from './keys.ts';
import * as sign1 from './sign1.ts';

const TRIP = -65537; // CWT's private range
const VERSION = 1;
export const SMALL_MAX = 65_535;
export const NOTE_MAX_BYTES = 120;
const TEXTS_MAX_BYTES = 48; // keeps X within 330 bytes
export const NONE = new Uint8Array(HASH16_BYTES); // no challenge was left, or no S before
const PLACE = [4, 5, 6, 7];

export const KINDS = { arrive: 1, depart: 2, waypoint: 3 } as const;
export type Kind = keyof typeof KINDS;

/** Where the phone took itself to be: degrees x 1e7, metres, seconds since 1970. */
export interface Fix {
	latE7: number;
	lonE7: number;
	accuracyM: number;
	at: number;
}

/** How the fix was found. */
export interface Search {
	fixes: number;
	spreadM: number;
	tookS: number;
	firstAccuracyM: number;
}

/** What one touch says. Times in seconds since 1970. */
export interface Statement {
	office: string;
	signedAt: number;
	cti: Bytes;
	who: string;
	department: string;
	trip: string;
	fix: Fix | null;
	counter: number;
	challenge: Bytes;
	before: Bytes;
	kind: number;
	queued: boolean;
	photo?: Bytes | undefined;
	search?: Search | undefined;
	note?: string | undefined;
}

/** S. Throws MalformedProof where this says what no statement may say. */
export function sign(own: OwnKey, said: Statement): Promise<Bytes> {
	const payload = encode(said);
	readPayload(payload);
	return sign1.sign(own, payload);
}

/** The statement in S, once its signature was checked. */
export async function verified(encoded: Bytes, key: PublicKey): Promise<Statement> {
	const signed = sign1.read(encoded);
	const said = readPayload(await sign1.checked(signed, key));
	return same(signed.kid, key.kid) ? said : malformed('The statement names another key.');
}

/** What S says, unchecked: for the phone that wrote it. */
export function read(encoded: Bytes): Statement {
	return readPayload(sign1.read(encoded).payload);
}

export function encode(said: Statement): Bytes {
	return cbor.encode(
		new Map<Key, Value>([[1, said.office], [6, said.signedAt], [7, said.cti], [TRIP, claims(said)]])
	);
}

function claims(said: Statement): Map<Key, Value> {
	const { fix, search, photo, note } = said;
	const told = new Map<Key, Value>([[0, VERSION], [1, said.who], [2, said.department], [3, said.trip]]);
	if (fix) [fix.latE7, fix.lonE7, fix.accuracyM, fix.at].forEach((one, n) => told.set(4 + n, one));
	const rest = [said.counter, said.challenge, said.before, said.kind, said.queued ? 1 : 0];
	rest.forEach((one, n) => told.set(8 + n, one));
	if (photo) told.set(13, photo);
	if (search) told.set(14, [search.fixes, search.spreadM, search.tookS, search.firstAccuracyM]);
	if (note !== undefined) told.set(15, note);
	return told;
}

export function readPayload(payload: Bytes): Statement {
	const outer = mapping(cbor.decode(payload), [1, 6, 7, TRIP]);
	const trip = mapping(outer.get(TRIP), [0, 1, 2, 3, 8, 9, 10, 11, 12], [...PLACE, 13, 14, 15]);
	integer(trip.get(0), VERSION, VERSION);
	return {
		office: text(outer.get(1), 1, 16),
		signedAt: integer(outer.get(6)),
		cti: octets(outer.get(7), CTI_BYTES),
		...texts(trip, outer.get(1) as string),
		fix: fixIn(trip),
		counter: integer(trip.get(8), 1),
		challenge: octets(trip.get(9), HASH16_BYTES),
		before: octets(trip.get(10), HASH16_BYTES),
		kind: integer(trip.get(11), 1, 3),
		queued: integer(trip.get(12), 0, 1) === 1,
		photo: trip.has(13) ? octets(trip.get(13), HASH_BYTES) : undefined,
		search: trip.has(14) ? searchIn(trip.get(14)) : undefined,
		note: trip.has(15) ? text(trip.get(15), 1, NOTE_MAX_BYTES) : undefined
	};
}

function texts(trip: Map<Key, Value>, office: string) {
	const who = text(trip.get(1), 1, 16);
	const department = text(trip.get(2), 0, 16);
	const number = text(trip.get(3), 0, 30);
	if (utf8(office + who + department + number).length > TEXTS_MAX_BYTES)
		malformed(`Office, person, department, trip: over ${TEXTS_MAX_BYTES} bytes.`);
	return { who, department, trip: number };
}

function fixIn(trip: Map<Key, Value>): Fix | null {
	const held = PLACE.filter((key) => trip.has(key)).length;
	if (!held) return null;
	if (held < PLACE.length) malformed('A place is whole or absent.');
	return {
		latE7: integer(trip.get(4), -900_000_000, 900_000_000),
		lonE7: integer(trip.get(5), -1_800_000_000, 1_800_000_000),
		accuracyM: integer(trip.get(6), 0, SMALL_MAX),
		at: integer(trip.get(7))
	};
}

function searchIn(value: Value | undefined): Search {
	const told = items(value, 4, 4).map((one) => integer(one, 0, SMALL_MAX));
	const [fixes, spreadM, tookS, firstAccuracyM] = told as [number, number, number, number];
	return { fixes, spreadM, tookS, firstAccuracyM };
}
