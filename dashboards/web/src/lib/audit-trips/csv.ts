/** A list as CSV that a spreadsheet opens as it is: UTF-8 with its mark, nothing that calculates. */

/** What a spreadsheet would take for a formula gets a quote before it. */
function cell(value: string | number): string {
	if (typeof value === 'number') return String(value);
	const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(rows: readonly (readonly (string | number)[])[]): string {
	return '\ufeff' + rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}
