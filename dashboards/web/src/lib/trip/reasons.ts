/** What people are told of a verdict: the hub's own words (hub/tripproof/words.py), by their numbers. */
type Said = Record<number, string>;

const ko = {
	reasons: {
		10: '위치 없이 시각만 기록되었습니다.',
		11: '위치 오차가 100 m를 넘습니다.',
		12: '위치 오차가 500 m를 넘습니다.',
		13: '위치를 잡은 때와 서명한 때가 다릅니다.',
		14: '출장지 부근입니다.',
		15: '출장지에서 떨어진 곳입니다.',
		16: '출장지 좌표가 없어 거리를 비교하지 않았습니다.',
		20: '나중에 전송되었습니다.',
		21: '하루가 지나 전송되어 시각의 범위가 넓습니다.',
		22: '휴대전화 시계가 빠릅니다.',
		23: '휴대전화 시계가 느립니다.',
		30: '미리 받아 둔 확인번호가 떨어진 상태였습니다.',
		31: '이 기기에 준 적이 없는 확인번호입니다.',
		32: '다른 증빙이 이미 쓴 확인번호입니다.',
		33: '기한이 지난 확인번호로 서명되었습니다.',
		40: '이 기기의 앞선 기록 가운데 아직 오지 않은 것이 있습니다.',
		41: '이 기기의 뒤 기록이 먼저 도착했습니다.',
		42: '앞 기록과 이어지지 않습니다.',
		43: '한 기기 열쇠가 같은 순번으로 두 번 서명했습니다.',
		45: '같은 휴대전화에서 다른 직원의 기록이 비슷한 때에 있습니다.',
		50: '앞 기록의 위치에서 그 시간에 오기 어려운 거리입니다.',
		51: '앞 기록보다 위치 시각이 이릅니다.',
		52: '앞 기록이 함께 오지 않아 이동 속도를 보지 않았습니다.',
		60: '아직 출장명령과 이어지지 않았습니다.',
		61: '출장 기간 밖의 기록입니다.',
		62: '출장명령에 없는 직원입니다.',
		70: '도착했을 때 이 기기의 열쇠는 이미 끝난 상태였습니다.'
	} as Said,
	grades: {
		1: 'A: 살핀 점에서 물을 것이 없습니다.',
		2: 'B: 함께 살필 점이 있습니다.',
		3: 'C: 다른 자료와 함께 보아야 합니다.'
	} as Said,
	kinds: {
		1: '도착',
		2: '출발',
		3: '경유'
	} as Said
};

const en: typeof ko = {
	reasons: {
		10: 'Only the time was recorded, no place.',
		11: 'The place is known to more than 100 m only.',
		12: 'The place is known to more than 500 m only.',
		13: 'The place was found well before or after signing.',
		14: 'Near the destination, not at it.',
		15: 'Away from the destination.',
		16: 'The destination has no coordinates, so no distance was compared.',
		20: 'It was sent later.',
		21: 'It was sent after more than a day, so its time is loosely bounded.',
		22: 'The phone\'s clock is ahead.',
		23: 'The phone\'s clock is behind.',
		30: 'The phone had no challenge left.',
		31: 'Its challenge was not given to this device.',
		32: 'Another proof has used its challenge.',
		33: 'It was signed with an expired challenge.',
		40: 'Earlier ones of this device have not arrived.',
		41: 'A later one of this device arrived first.',
		42: 'It does not follow the one that it names.',
		43: 'One device key signed two proofs with the same number.',
		45: 'The same phone made another person\'s proof at about that time.',
		50: 'Hard to reach from the place before in that time.',
		51: 'Its fix is earlier than that of the one before.',
		52: 'The one before was not sent along, so speed was not looked at.',
		60: 'Not linked to a trip order yet.',
		61: 'Outside the dates of the order.',
		62: 'The order does not name this person.',
		70: 'The device\'s key had ended when it arrived.'
	} as Said,
	grades: {
		1: 'A: nothing to ask in what was looked at.',
		2: 'B: there is something to look at as well.',
		3: 'C: to be read together with other evidence.'
	} as Said,
	kinds: {
		1: 'arrival',
		2: 'departure',
		3: 'on the way'
	} as Said
};

export const VERDICT_WORDS = { ko, en };
