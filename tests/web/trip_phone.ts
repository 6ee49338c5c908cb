/**
 * The phone's codecs behind a line of JSON: what Python asks for, they sign, seal and read.
 * Bytes are hex. One answer a line.
 */
import { createInterface } from 'node:readline';
import { fromHex, hex } from '../../dashboards/web/src/lib/trip/bytes.ts';
import * as ask from '../../dashboards/web/src/lib/trip/ask.ts';
import * as codes from '../../dashboards/web/src/lib/trip/codes.ts';
import { inGroups, fingerprint, newKey, publicKey } from '../../dashboards/web/src/lib/trip/keys.ts';
import { FOR_AUDITOR, FOR_HUB, seal } from '../../dashboards/web/src/lib/trip/seal.ts';
import * as statement from '../../dashboards/web/src/lib/trip/statement.ts';
import * as upload from '../../dashboards/web/src/lib/trip/upload.ts';

const own = await newKey();
const OCTETS = ['cti', 'challenge', 'before', 'photo'];

/** JSON's null is a field that is not there; hex is bytes. */
function fromJson(told: Record<string, unknown>): statement.Statement {
	const fields = Object.entries(told).map(([name, value]) => {
		if (value === null) return [name, name === 'fix' ? null : undefined];
		return [name, OCTETS.includes(name) ? fromHex(value as string) : value];
	});
	return Object.fromEntries(fields);
}

function toJson(said: statement.Statement): unknown {
	return JSON.parse(JSON.stringify(said, (_, value) => (value instanceof Uint8Array ? hex(value) : value)));
}

const DO: Record<string, (told: any) => unknown> = {
	key: () => hex(own.public.point),
	extractable: () => own.privateKey.extractable,
	sign: async ({ said, auditor, hub, before }) => {
		const signed = await statement.sign(own, fromJson(said));
		const sealed = await seal(await publicKey(fromHex(auditor)), signed, FOR_AUDITOR);
		const last = before ? fromHex(before) : null;
		const body = upload.encode({ statement: signed, sealed, before: last });
		const carried = await seal(await publicKey(fromHex(hub)), body, FOR_HUB);
		return { upload: hex(body), code: codes.text('TP1:', sealed), carried: codes.text('TP3:', carried) };
	},
	read: async ({ signed, key }) =>
		toJson(await statement.verified(fromHex(signed), await publicKey(fromHex(key)))),
	ask: async ({ purpose, at, have }) => hex(await ask.sign(own, purpose, at, have)),
	fingerprint: async ({ quarter, seal, sign }) => inGroups(await fingerprint(quarter, fromHex(seal), fromHex(sign)))
};

for await (const line of createInterface({ input: process.stdin })) {
	const { what, ...told } = JSON.parse(line);
	console.log(JSON.stringify(await DO[what]!(told)));
}
