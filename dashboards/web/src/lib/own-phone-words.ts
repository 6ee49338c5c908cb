/** What one's account page says of the phones that prove one's trips. English has the shape of Korean. */
import { clock, date } from './time.ts';

const ko = {
	phones: '출장 증빙에 쓰는 휴대전화',
	fresh: (name: string, at: number) =>
		`새 휴대전화가 등록되었습니다 (${name}, ${date(at, 'ko')} ${clock(at)}). 본인이 하지 않았다면 지금 끝내고 관리자에게 알려 주세요.`,
	since: (at: number) => `${date(at, 'ko')} ${clock(at)}에 등록`,
	ended: (at: number) => `${date(at, 'ko')}에 끝남`,
	inUse: '쓰고 있음',
	end: '이 휴대전화 끝내기',
	sure: '끝내면 이 휴대전화로는 더 확인할 수 없어요. 끝낼까요?',
	yes: '끝내기',
	no: '그만두기',
	failed: '끝내지 못했어요. 잠시 뒤에 다시 해 주세요.'
};

const en: typeof ko = {
	phones: 'Phones that prove your trips',
	fresh: (name, at) =>
		`A new phone was enrolled (${name}, ${date(at, 'en')} ${clock(at)}). If that was not you, end it now and tell an administrator.`,
	since: (at) => `Enrolled ${date(at, 'en')} ${clock(at)}`,
	ended: (at) => `Ended ${date(at, 'en')}`,
	inUse: 'In use',
	end: 'End this phone',
	sure: 'Once ended, this phone proves nothing any more. End it?',
	yes: 'End it',
	no: 'Leave it',
	failed: 'It could not be ended. Try again in a moment.'
};

export const OWN_PHONE_WORDS = { ko, en };
