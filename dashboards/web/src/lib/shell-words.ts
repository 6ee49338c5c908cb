/** What stands around every page. English has the shape of Korean. */
const ko = {
	menu: '메뉴',
	openMenu: '메뉴 열기',
	closeMenu: '메뉴 닫기',
	loading: '불러오고 있어요',
	notAllowed: '이 화면을 볼 권한이 없어요',
	whoMay: (roles: string[]) =>
		`${roles.join(', ')} 역할이 있어야 볼 수 있어요. 관리자에게 역할을 요청해 주세요.`,
	yours: (name: string, roles: string[]) => `지금 ${name} 님의 역할: ${roles.join(', ')}`,
	away: '청사 서버가 답하지 않아요',
	awayText: '사무실 망에 이어져 있는지 봐 주세요.',
	again: '다시 해 보기',
	signOutFailed: '로그아웃하지 못했어요. 다시 해 주세요.'
};

const en: typeof ko = {
	menu: 'Menu',
	openMenu: 'Open the menu',
	closeMenu: 'Close the menu',
	loading: 'Loading',
	notAllowed: 'You may not see this page',
	whoMay: (roles) => `It needs one of these roles: ${roles.join(', ')}. Ask an administrator for it.`,
	yours: (name, roles) => `Roles of ${name}: ${roles.join(', ')}`,
	away: 'The Cheongsa server does not answer',
	awayText: 'Are you on the office network?',
	again: 'Try again',
	signOutFailed: 'You are still signed in. Try again.'
};

export const SHELL_WORDS = { ko, en };
