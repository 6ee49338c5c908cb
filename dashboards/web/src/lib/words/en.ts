/** Everything the board says, in English. */
import { ceilMinutes, floorMinutes, roundMinutes } from '../minutes.ts';
import { aboutFive, clock, date, daysAhead, weekday } from '../time.ts';
import { sentences, type Words } from './ko.ts';

function minutes(count: number): string {
	if (count < 60) return `${count} min`;
	const rest = count % 60;
	return rest === 0 ? `${count / 60} h` : `${Math.floor(count / 60)} h ${rest} min`;
}

const about = (s: number) => (s < 60 ? 'under a minute' : `about ${minutes(roundMinutes(s))}`);

const cell = (s: number) => (s < 60 ? 'under 1 min' : minutes(roundMinutes(s)));

export const en: Words = {
	lang: 'en',
	otherLang: '한국어',
	otherLangShort: '한국어',
	product: 'Cheongsa',
	title: 'The cafeteria now',
	description: 'Is there a queue at the cafeteria, how long is it, and when is a better time?',
	toContent: 'Skip to content',
	bigScreen: 'Wall screen',
	wholeBoard: 'See more',
	chooseSite: 'Choose a cafeteria',
	scheme: { light: 'Light screen', dark: 'Dark screen' },
	privacy: 'No picture leaves the camera. Only the numbers it counted do.',
	needsScript: 'Please switch on JavaScript in your browser to see the queue.',

	level: { relaxed: 'Relaxed', moderate: 'Moderate', busy: 'Busy', crowded: 'Crowded' },
	levelsLabel: 'How busy',
	joinNow: 'Wait now',
	nobodyWaits: 'Nobody is in the queue',
	about,
	aboutShort: (s) => (s < 60 ? '< 1 min' : `~${minutes(roundMinutes(s))}`),
	range: (lowS, highS) => {
		const low = floorMinutes(lowS);
		if (highS === null) return low === 0 ? null : `at least ${minutes(low)}`;
		const high = ceilMinutes(highS);
		if (high <= 1 || low === high) return null;
		return low === 0 ? `${minutes(high)} at most` : `${low}–${minutes(high)}`;
	},
	ahead: (people) => `${people} ahead of you`,
	people: (people) => (people === 1 ? '1 person' : `${people} people`),
	peopleInLine: (people) =>
		people === 1 ? '1 person is in the queue' : `${people} people are in the queue`,
	peopleThere: (people) => (people === 1 ? '1 person there' : `${people} people there`),
	served: (perMin) => `${perMin.toFixed(1).replace(/\.0$/, '')} served a minute`,
	full: (percent) => `${percent}% full`,
	freeSeats: (seats) => (seats === 1 ? '1 seat free' : `${seats || 'No'} seats free`),
	ofSeats: (taken, seats) => `${taken} of ${seats} seats`,

	unknown: 'Wait unknown',
	notNow: 'Not known now',
	usually: (s) => `Usually ${about(s)}`,
	usuallyNow: (nowMs) =>
		`What is usual on a ${weekday(nowMs, 'en')} at this time. The queue now is not known.`,
	closed: 'Closed',
	opens: (ms, nowMs) => {
		if (ms === null) return 'No opening time is set';
		const days = daysAhead(ms, nowMs);
		if (days === 0) return `Opens today at ${clock(ms)}`;
		if (days === 1) return `Opens tomorrow at ${clock(ms)}`;
		return `Opens on ${days < 7 ? weekday(ms, 'en') : date(ms, 'en')} at ${clock(ms)}`;
	},
	why: {
		no_counter_line: 'Please draw a counter line',
		nobody_served: 'The queue is not moving now',
		outside_hours: 'Outside opening hours',
		closed_day: 'A closed day',
		no_data_yet: 'Nothing was counted yet',
		node_offline: 'The camera is disconnected',
		camera_fault: 'Something is wrong with the camera',
		paused: 'Counting is paused',
		late: 'No new counts are coming in',
		unreachable: 'The server cannot be reached'
	},
	then: {
		no_counter_line: 'Once facilities draws a line at the counter, the wait appears here.',
		nobody_served: 'The wait appears when serving starts again.',
		outside_hours: 'Counting starts again at opening time.',
		closed_day: 'Counting starts again on the next open day.',
		no_data_yet: 'It appears here as soon as the camera starts counting.',
		node_offline: 'It comes back by itself. If it lasts, please tell facilities.',
		camera_fault: 'Please tell facilities. It comes back by itself once repaired.',
		paused: 'It comes back by itself when counting goes on.',
		late: 'This changes by itself when they come again.',
		unreachable: 'This changes by itself when the connection is back.'
	},

	goAt: (ms, nowMs) => `Around ${clock(aboutFive(ms, nowMs))}`,
	goAtMiddle: ' it is ',
	restsOn: (weeks, nowMs) =>
		`From ${weeks} ${weeks === 1 ? 'week' : 'weeks'} of ${weekday(nowMs, 'en')}s and today so far`,
	goNow: 'Now is a good time',
	goNowWhy: (s, ms, nowMs) =>
		`It may grow to ${about(s)} around ${clock(aboutFive(ms, nowMs))}`,
	quickerName: (name) => `${name}:`,
	quickerWhy: 'This queue is quicker now',

	ago: (s) => {
		if (s === null) return 'Never counted';
		if (s < 2) return 'Just now';
		if (s < 60) return `${Math.floor(s)} s ago`;
		if (s < 3600) return `${Math.floor(s / 60)} min ago`;
		return s < 86_400 ? `${Math.floor(s / 3600)} h ago` : `${Math.floor(s / 86_400)} d ago`;
	},
	lastSeen: (ms) => `Last counted at ${clock(ms)}`,
	camerasFine: (count) => (count === 1 ? '1 camera working' : `${count} cameras working`),
	camerasSick: (sick, all) =>
		all === 1 ? 'The camera needs a look' : `${sick} of ${all} cameras need a look`,

	simulated: 'Simulated scene',
	simulatedLong: 'Not a real cafeteria: a scene drawn by a computer is being counted.',
	recording: 'Recorded video',
	recordingLong: 'Not what happens now: a recorded test video is being counted.',
	demoHistory: 'The usual values and the forecast come from made-up demonstration history.',

	chartTitle: 'Waiting time today',
	chartLead: (nowMs) => `Compared with a usual ${weekday(nowMs, 'en')}`,
	chartCollecting: 'No history to compare with yet',
	chartUsual: (s, ms) =>
		`On a usual ${weekday(ms, 'en')} it is longest around ${clock(ms)}: ${cell(s)}.`,
	chartEmpty: 'Nothing to draw yet. Today takes shape here once counting starts.',
	chartClosed: 'Today takes shape here after opening.',
	chartFailed: 'Could not load the day so far. Trying again soon.',
	chartSays: ({ nowMs, peak, nowS, rise, fall }) =>
		sentences([
			peak === null
				? null
				: peak.s < 60
					? 'Nobody has waited for more than a minute today'
					: `Longest at ${clock(peak.ms)} with ${cell(peak.s)}`,
			nowS === null ? null : `Now ${cell(nowS)}`,
			fall
				? `It may fall to ${cell(fall.s)} around ${clock(aboutFive(fall.ms, nowMs))}`
				: rise
					? `It may grow to ${cell(rise.s)} around ${clock(aboutFive(rise.ms, nowMs))}`
					: null
		]),
	now: 'Now',
	today: 'Today',
	forecast: 'Forecast',
	usual: 'Usual range',
	asTable: 'As a table',
	time: 'Time',
	minuteAxis: (count) => (count === 0 ? '0' : `${count} min`),
	cell,
	cellRange: (lowS, highS) => {
		const [low, high] = [roundMinutes(lowS), roundMinutes(highS)];
		return low === high ? minutes(low) : `${low}–${minutes(high)}`;
	},
	notObserved: 'unknown',
	method: (method, days) =>
		method === 'collecting'
			? `Gathering history (day ${days}). After five days there is a usual and a forecast.`
			: `Forecast from ${days} days of history.`,

	zones: 'Queues and seats',
	shown: 'shown',
	kind: { queue: 'Queue', seating: 'Seats', counter: 'Counter' },
	hours: 'Opening hours',
	openUntil: (ms) => `Open until ${clock(ms)}`,
	openNow: 'Open now',
	alwaysOpen: 'Always open',
	dayOff: (day) => `Closed today · ${day.name_en}`,
	meals: 'Today’s meals',
	whoCounts: 'Who counts',
	source: {
		camera: 'Camera',
		recording: 'Recorded test video',
		simulated: 'Scene drawn by a computer'
	},
	detector: (name) => `People found by ${name}`,
	nodeState: {
		ok: 'working',
		paused: 'paused',
		fault: 'camera problem',
		offline: 'disconnected',
		unheard: 'not heard yet'
	},

	emptyTitle: 'The queue will be here soon',
	emptyText: 'No camera is connected yet. It appears by itself once one starts counting.',
	emptySteps: [
		'Facilities mounts a camera where the queue can be seen.',
		'The camera counts people. No picture leaves it.',
		'The waiting time appears on this page at once.'
	],
	loading: 'Loading the queue',
	errorTitle: 'The queue could not be loaded',
	errorText: 'The Cheongsa server does not answer. Are you on the office network?',
	lost: 'The server cannot be reached',
	lostKept: 'Below is what it said last.',
	retryIn: (s) => `Trying again in ${s} s`,
	retrying: 'Trying again',
	retryNow: 'Try now',
	devices: {
		title: 'Devices',
		allWell: 'All are well',
		none: 'No device is registered yet',
		noneText: 'Once one is registered, its state is shown here.',
		down: (n: number) => (n === 1 ? '1 device does not count' : `${n} devices do not count`),
		sick: (n: number) => (n === 1 ? '1 device needs a look' : `${n} devices need a look`),
		counts: (down: number, sick: number, well: number) =>
			`not counting ${down} · to look at ${sick} · well ${well}`,
		asOf: (at: string) => `as of ${at}`,
		alerts: 'Alerts',
		noAlerts: 'Nothing to tell right now.',
		since: (at: string) => `since ${at}`,
		fromTo: (from: string, to: string) => `from ${from} to ${to}`,
		seen: 'I see to it',
		seenBy: (who: string) => `${who} sees to it`,
		all: 'All',
		onlySick: 'Only with a problem',
		find: 'Find by name',
		noneFound: 'No such device.',
		well: 'It is well',
		more: (n: number) => `and ${n} more`,
		heard: (ago: string) => `heard ${ago}`,
		never: 'never heard',
		ago: (s: number) =>
			s < 60 ? 'just now' : s < 5400 ? `${Math.round(s / 60)} min ago` : s < 129600
				? `${Math.round(s / 3600)} h ago` : `${Math.round(s / 86400)} days ago`,
		untold: (n: number) => `${n} notices could not be sent. Check the addresses of mail and messengers.`,
		quiet: 'Quiet hours',
		quietText: 'Nobody is told by mail or messenger then; what is left at the end is told.',
		from: 'From',
		to: 'To',
		save: 'Save',
		saved: 'Saved.',
		unreachable: 'The server cannot be reached',
		unreachableText: 'It is shown again as soon as it is back.',
		failed: 'It could not be read',
		loading: 'Reading the devices',
		back: 'All devices',
		others: 'Also',
		span: { day: 'Day', week: 'Week', month: 'Month' },
		past: 'How it fared',
		noPast: 'Nothing yet. Once it is connected, every five minutes are kept.',
		nowMost: (now: string, most: string) => `now ${now} · at worst ${most}`,
		temperature: 'Temperature',
		pace: 'Frames per second',
		paceUnit: (v: number) => `${v}`,
		inference: 'Time per frame',
		outbox: 'Counts waiting',
		outboxUnit: (v: number) => `${v}`,
		wifi: 'Wi-Fi (higher is weaker)',
		figures: 'Right now',
		version: 'Program',
		uptime: 'On for',
		hours: (s: number) =>
			s < 5400 ? `${Math.round(s / 60)} min` : s < 172800 ? `${Math.round(s / 3600)} h`
				: `${Math.round(s / 86400)} days`,
		disk: 'Disk left',
		memory: 'Memory used',
		clockOffset: 'Clock is off by',
		certificate: 'Certificate',
		until: (at: string) => `until ${at}`,
		counted: 'Last count',
		commands: 'Ask it to',
		command: { identify: 'Blink', bench: 'Measure its speed', restart: 'Restart' } as Record<
			string,
			string
		>,
		waiting: 'waiting for its answer',
		silent: 'no answer',
		done: 'done',
		notDone: 'not done',
		reallyRestart: 'Restart it? It does not count for about a minute.',
		zones: 'Draw zones; earlier settings',
		losses: 'Lost counts',
		noLosses: 'Nothing was lost.',
		windows: (n: number) => `${n} windows`,
		letters: 'Messages that could not be read',
		noLetters: 'All could be read.',
		times: (n: number) => `${n} times`,
		events: 'Earlier alerts',
		noEvents: 'No earlier alerts.'
	},
	notFound: 'There is no such page',
	notFoundText: 'The address may have changed or be mistyped.',
	home: 'See the cafeteria now'
};
