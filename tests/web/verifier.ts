/** The browser's verifier behind a line of JSON: what Python asks for. Bytes are hex. One answer a line. */
import { createInterface } from 'node:readline';
import { fromHex, hex, utf8 } from '../../dashboards/web/src/lib/trip/bytes.ts';
import * as handover from '../../dashboards/web/src/lib/trip/handover.ts';
import * as keyFile from '../../dashboards/web/src/lib/trip/key-file.ts';
import { decodeKey, inGroups } from '../../dashboards/web/src/lib/trip/keys.ts';
import * as seal from '../../dashboards/web/src/lib/trip/seal.ts';
import * as verify from '../../dashboards/web/src/lib/verify/verify.ts';

const files = new Map<string, keyFile.AuditorKey>();

async function key(file: string, passphrase: string): Promise<keyFile.AuditorKey> {
	const found = files.get(file) ?? (await keyFile.opened(file, passphrase));
	files.set(file, found);
	return found;
}

async function held(told: any): Promise<verify.Held> {
	return {
		keys: told.keys ? await verify.keySet(told.jwks ? utf8(told.keys) : fromHex(told.keys)) : null,
		checkpoints: told.checkpoints.map((note: string) => verify.heldCheckpoint(utf8(note))),
		auditor: told.file ? await key(told.file, told.passphrase) : null
	};
}

function shown({ answer, checks }: verify.Report) {
	return { answer, checks: checks.map(({ name, outcome }) => [name, outcome]) };
}

const DO: Record<string, (told: any) => unknown> = {
	proof: async (told) => shown(await verify.verifyProof(told.text ?? fromHex(told.hex), await held(told))),
	log: async (told) => shown(await verify.verifyLog(fromHex(told.hex), await held(told))),
	whole: async (told) => {
		const { checks, linked } = await verify.verifyProof(fromHex(told.hex), await held(told));
		return { checks, linked };
	},
	details: async (told) => (await verify.verifyLog(fromHex(told.hex), await held(told))).checks,
	made: async ({ quarter, passphrase }) => {
		const { file, key } = await keyFile.made(quarter, passphrase, 600_000);
		const isHidden = !key.opener.extractable && !key.signer.privateKey.extractable;
		return { file, isHidden, fingerprint: hex(key.fingerprint) };
	},
	opened: async ({ file, passphrase }) => inGroups((await key(file, passphrase)).fingerprint),
	unsealed: async ({ file, passphrase, sealed }) => {
		const auditor = await key(file, passphrase);
		return hex(await seal.opened(fromHex(sealed), auditor.opener, auditor.seal, seal.FOR_AUDITOR));
	},
	sealed: async ({ key, plaintext }) =>
		hex(await seal.seal(await decodeKey(fromHex(key)), fromHex(plaintext), seal.FOR_AUDITOR)),
	handed: async ({ file, passphrase, seal, sign, quarter, at }) => {
		const old = await key(file, passphrase);
		const keys = { seal: await decodeKey(fromHex(seal)), sign: await decodeKey(fromHex(sign)) };
		return hex(await handover.sign(old.signer, { old: old.fingerprint, quarter, ...keys, signedAt: at }));
	},
	handover: async ({ told, key }) => {
		const read = await handover.verified(fromHex(told), await decodeKey(fromHex(key)));
		return { quarter: read.quarter, old: hex(read.old), next: hex(await handover.next(read)) };
	},
	words: () => {
		const { CHECKS, ANSWERS, LIMIT, PLACES, LEAVES } = verify;
		return { CHECKS, ANSWERS, LIMIT, PLACES, LEAVES };
	}
};

for await (const line of createInterface({ input: process.stdin })) {
	const { what, ...told } = JSON.parse(line);
	console.log(JSON.stringify(await DO[what]!(told)));
}
