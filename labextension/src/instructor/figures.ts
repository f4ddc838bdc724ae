/** Figures as people read them. */

const WHOLE = new Intl.NumberFormat('en-US');

/** US dollars with four places; less than that is said to be less, and never to be nothing. */
export function dollars(amount: string | number): string {
  const value = Number(amount);
  if (value > 0 && value < 0.0001) {
    return '< $0.0001';
  }
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 })}`;
}

/** A budget, as it was set: with cents, and more places only where it has them. */
export function budget(amount: string): string {
  const value = Number(amount).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 6
  });
  return `$${value}`;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** A share as percent, rounded. */
export function share(value: number): string {
  return `${Math.round(value * 100)}%`;
}

/** Rows as comma-separated values, quoted where they must be. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map(row => row.map(quoted).join(',') + '\r\n').join('');
}

function quoted(value: string | number): string {
  // A spreadsheet would take a text that begins so for a formula.
  const text =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Gives a text to the browser as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
