/** What the pages of devices say of the hub itself, quiet hours, pictures, revoking and Home Assistant. */
const ko = {
	deafNever: '허브가 아직 노드의 소식을 들은 적이 없어요',
	deafNow: (at: string) => `허브가 ${at}부터 소식을 듣지 못하고 있어요`,
	deafNowText:
		'노드가 아니라 서버 쪽 문제예요. 서버의 ingest와 브로커를 확인해 주세요. 사람 수는 노드가 모아 두었다가 이어지면 보내요.',
	deafThen: '아래는 그때의 모습이에요.',
	deafWas: (from: string, to: string) => `허브가 ${from}부터 ${to}까지 소식을 듣지 못했어요`,
	deafWasText: '그때 조용했던 것은 노드 탓이 아니에요. 그동안의 사람 수는 노드가 모아 두었다가 보내요.',

	quiet: '조용한 시간',
	quietText: '이 시간에는 메일이나 메신저로 알리지 않고, 끝나면 남아 있는 것만 알려요.',
	everySite: '모든 곳',
	range: (from: string, to: string) => `${from}–${to}`,
	quietNone: '정하지 않음',
	quietNever: '언제나 알림',
	quietSame: '모든 곳과 같음',
	change: '바꾸기',
	changeOf: (name: string) => `${name}의 조용한 시간 바꾸기`,
	own: '따로 정하기',
	ownOf: (name: string) => `${name}의 조용한 시간 따로 정하기`,
	from: '시작',
	to: '끝',
	sameTwice: '시작과 끝을 같게 하면 언제나 알려요.',
	save: '저장',
	sameAsAll: '모든 곳과 같게',
	cancel: '그만두기',
	saved: (name: string) => `${name}: 저장했어요.`,
	failed: '하지 못했어요',

	view: '카메라가 보는 곳',
	viewAlt: '카메라가 지금 보는 곳. 사람은 알아볼 수 없게 가렸어요.',
	viewOff: '노드가 연결되어 있어야 찍을 수 있어요.',

	revoke: '등록 취소',
	revokeText:
		'버리거나 다른 곳에 넘길 때, 잃어버렸을 때 눌러요. 그 순간부터 허브는 이 기기의 말을 받지 않아요.',
	reason: '까닭',
	reasonHint: '감사 기록에 남아요. 예: 고장 나서 버림',
	revokeSure: (name: string) => `${name}의 등록을 취소할까요? 바로 끊겨요. 다시 쓰려면 카드를 새로 만들어야 해요.`,
	revoked: (certificates: number) =>
		certificates
			? `등록을 취소했어요. 인증서 ${certificates}장이 더는 통하지 않아요.`
			: '등록을 취소했어요. 인증서는 없었어요.',
	isRevoked: '등록이 취소된 기기예요. 허브는 이 기기의 말을 받지 않아요.',

	home: 'Home Assistant에 알리기',
	homeText:
		'켜면 기기 상태와 온도, 구역의 사람 수와 대기 시간을 건물의 Home Assistant가 볼 수 있어요. 사람에 대한 것은 보내지 않아요.',
	homeHow: 'Home Assistant가 브로커에 들어올 인증서가 있어야 해요. 만드는 법은 docs/operate.md에 있어요.',
	on: '켜짐',
	off: '꺼짐',
	setBy: (who: string, at: string) => `${who} 님이 ${at}에 바꿨어요`
};

const en: typeof ko = {
	deafNever: 'The hub has never listened to nodes yet',
	deafNow: (at) => `The hub has not heard nodes since ${at}`,
	deafNowText:
		'This is the server, not the nodes. See to ingest and the broker on the server. The nodes keep their counts and send them once it is back.',
	deafThen: 'Below is how it was then.',
	deafWas: (from, to) => `The hub did not listen from ${from} to ${to}`,
	deafWasText: 'If nodes were silent then, it was not their fault. They kept their counts and send them.',

	quiet: 'Quiet hours',
	quietText: 'Nobody is told by mail or messenger then; what is left at the end is told.',
	everySite: 'All offices',
	range: (from, to) => `${from}–${to}`,
	quietNone: 'none set',
	quietNever: 'always told',
	quietSame: 'as all offices',
	change: 'Change',
	changeOf: (name) => `Change the quiet hours of ${name}`,
	own: 'Set its own',
	ownOf: (name) => `Set quiet hours of its own for ${name}`,
	from: 'From',
	to: 'To',
	sameTwice: 'The same time twice: people are always told.',
	save: 'Save',
	sameAsAll: 'As all offices',
	cancel: 'Cancel',
	saved: (name) => `${name}: saved.`,
	failed: 'It did not work',

	view: 'What the camera sees',
	viewAlt: 'What the camera sees now. People are made unknowable.',
	viewOff: 'The node must be connected for a picture.',

	revoke: 'Revoke',
	revokeText:
		'For a device that is thrown away, handed on or lost. From that moment the hub takes nothing from it.',
	reason: 'Reason',
	reasonHint: 'It is kept in the audit trail, as “broken, thrown away”.',
	revokeSure: (name) => `Revoke ${name}? It is cut off at once; to use it again you must make its card again.`,
	revoked: (certificates) =>
		certificates
			? `Revoked. ${certificates === 1 ? '1 certificate is' : `${certificates} certificates are`} no longer good.`
			: 'Revoked. It had no certificate.',
	isRevoked: 'This device is revoked: the hub takes nothing from it.',

	home: 'Tell Home Assistant',
	homeText:
		'When on, the building’s Home Assistant sees the devices’ health and temperature, and each zone’s people and wait. Nothing about persons is sent.',
	homeHow: 'It comes in with a certificate of its own: docs/operate.md says how.',
	on: 'On',
	off: 'Off',
	setBy: (who, at) => `${who} set it at ${at}`
};

export const DEVICE_WORDS = { ko, en };
