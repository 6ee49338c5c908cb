/** Keep a wall screen awake, where the browser can. It lets go whenever the page is hidden. */

/** Call it in the browser. Returns how to stop. */
export function stayAwake(): () => void {
	let lock: WakeLockSentinel | undefined;
	const hold = async () => {
		if (document.hidden) return;
		try {
			lock = await navigator.wakeLock?.request('screen');
		} catch {
			// Refused (battery saver, plain http): the screen's own settings decide.
		}
	};
	void hold();
	document.addEventListener('visibilitychange', hold);
	return () => {
		document.removeEventListener('visibilitychange', hold);
		void lock?.release();
	};
}
