/** What the pages of one's own account say. English has the shape of Korean. */
const ko = {
	signIn: '로그인',
	signInText: '로그인하면 맡은 일을 할 수 있어요. 구내식당 혼잡도는 로그인하지 않아도 보여요.',
	login: '아이디',
	password: '비밀번호',
	show: '비밀번호 보기',
	hide: '비밀번호 가리기',
	capsLock: 'Caps Lock이 켜져 있어요.',
	or: '또는',
	withProvider: (name: string) => `${name}로 로그인`,
	signingIn: '확인하고 있어요…',
	waits: (s: number) => `${Math.floor(s / 60)}분 ${s % 60}초 뒤에 다시 할 수 있어요.`,
	unreachable: '청사 서버가 답하지 않아요. 사무실 망에 이어져 있는지 봐 주세요.',
	needsTls: '이 주소로는 로그인할 수 없어요. https://로 시작하는 주소로 들어와 주세요.',
	forgot: '비밀번호를 잊었으면 관리자에게 새로 받아 주세요.',
	problems: {
		'provider-away': '로그인 서버와 이야기하지 못했어요. 잠시 뒤 다시 해 주세요.',
		'visit-unknown': '로그인이 끝나기 전에 시간이 지났거나, 다른 창에서 시작했어요. 다시 해 주세요.',
		'login-taken': '같은 아이디를 다른 사람이 쓰고 있어요. 관리자에게 알려 주세요.',
		'person-left': '이 계정은 닫혔어요. 관리자에게 알려 주세요.',
		'no-provider': '이 청사에는 따로 연결된 로그인 서버가 없어요. 아이디와 비밀번호로 해 주세요.'
	} as Record<string, string>,
	account: '내 계정',
	roles: { staff: '직원', facilities: '시설', field: '출장', editor: '편집', auditor: '감사', admin: '관리자' } as Record<string, string>,
	mayDo: '맡은 역할',
	changePassword: '비밀번호 바꾸기',
	first: '처음 받은 비밀번호예요. 나만 아는 것으로 바꿔 주세요.',
	firstText: '바꾸고 나면 하려던 일을 이어서 할 수 있어요.',
	oldPassword: '지금 비밀번호',
	newPassword: '새 비밀번호',
	hint: '10글자 이상. 긴 문장이 외우기도 쉽고 안전해요.',
	change: '바꾸기',
	changed: '바꿨어요. 다른 곳에서는 모두 로그아웃됐어요.',
	signOut: '로그아웃'
};

const en: typeof ko = {
	signIn: 'Sign in',
	signInText: 'Sign in to do your work. The cafeteria board is open without it.',
	login: 'Name',
	password: 'Password',
	show: 'Show the password',
	hide: 'Hide the password',
	capsLock: 'Caps Lock is on.',
	or: 'or',
	withProvider: (name) => `Sign in with ${name}`,
	signingIn: 'Checking…',
	waits: (s) => `You can try again in ${Math.floor(s / 60)} min ${s % 60} s.`,
	unreachable: 'The Cheongsa server does not answer. Are you on the office network?',
	needsTls: 'You cannot sign in at this address. Open the one that begins with https://.',
	forgot: 'Forgot it? An administrator can give you a new one.',
	problems: {
		'provider-away': 'The sign-in server could not be reached. Try again in a moment.',
		'visit-unknown': 'Signing in took too long, or began in another window. Try again.',
		'login-taken': 'Somebody else has this name. Tell an administrator.',
		'person-left': 'This account is closed. Tell an administrator.',
		'no-provider': 'This office has no sign-in server. Use your name and password.'
	},
	account: 'My account',
	roles: { staff: 'staff', facilities: 'facilities', field: 'field', editor: 'editor', auditor: 'auditor', admin: 'admin' },
	mayDo: 'Roles',
	changePassword: 'Change the password',
	first: 'This is a first password. Choose one that only you know.',
	firstText: 'Then you can go on with what you came for.',
	oldPassword: 'Present password',
	newPassword: 'New password',
	hint: 'At least 10 characters. A long sentence is easy to remember, and safe.',
	change: 'Change',
	changed: 'Changed. You are signed out everywhere else.',
	signOut: 'Sign out'
};

export const SESSION_WORDS = { ko, en };
