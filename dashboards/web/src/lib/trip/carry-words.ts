/** What the office PC's page says, that carries proofs and challenges. English has the shape of Korean. */
const ko = {
	title: '출장 증빙 옮기기',
	bring: '휴대전화의 기록 받기',
	bringText: '휴대전화에서 보내지 못한 기록을 열고 ‘사무실 PC로 옮기기’를 눌러 나온 QR을 비춰 주세요. 로그인하지 않아도 돼요.',
	scan: 'QR 찍기',
	foreign: '청사로 보내는 QR이 아니에요. 휴대전화에서 ‘사무실 PC로 옮기기’를 누른 QR을 비춰 주세요.',
	brought: '접수됐어요.',
	broughtText: '휴대전화에서 ‘PC에서 접수됐다고 나왔어요’를 눌러 주세요.',
	give: '휴대전화에 확인번호 주기',
	giveText: '휴대전화의 출장 증빙에서 ‘확인번호 QR 찍기’를 누르고 아래 QR을 비춰 주세요. 확인번호가 있으면 시각을 더 좁게 믿을 수 있어요.',
	showFor: (name: string) => `‘${name}’에 줄 QR 보기`,
	shownFor: (name: string) => `‘${name}’만 쓸 수 있는 확인번호 10개예요.`,
	challengesQr: '확인번호 QR. 등록된 휴대전화만 쓸 수 있어요.',
	hide: 'QR 닫기',
	signIn: '로그인하고 QR 보기',
	notField: '‘출장’ 역할이 있어야 해요. 관리자에게 말해 주세요.',
	noPhone: '등록한 휴대전화가 없어요. 휴대전화에서 출장 증빙을 열어 먼저 등록해 주세요.'
};

const en: typeof ko = {
	title: 'Carry trip proofs',
	bring: 'Take in what a phone recorded',
	bringText: 'On the phone open what was not sent, press “Take it to an office PC”, and hold its QR code here. No sign-in is needed.',
	scan: 'Scan a code',
	foreign: 'This code is not for the office. Show the one that “Take it to an office PC” draws.',
	brought: 'It arrived.',
	broughtText: 'On the phone press “The PC says that it arrived”.',
	give: 'Give the phone challenges',
	giveText: 'On the phone press “Scan challenges” and point it at the code below. With challenges the time can be trusted more narrowly.',
	showFor: (name) => `Show the code for “${name}”`,
	shownFor: (name) => `Ten challenges that only “${name}” can use.`,
	challengesQr: 'QR code of challenges. Only the enrolled phone can use them.',
	hide: 'Hide the code',
	signIn: 'Sign in to see it',
	notField: 'It takes the role “field”. Ask an administrator.',
	noPhone: 'No phone is enrolled. Open the trip proof on the phone and enrol first.'
};

export const CARRY_WORDS = { ko, en };
