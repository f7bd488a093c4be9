import Table from 'cli-table3';

/**
 * Draws rows as a table for a terminal: numbers to the right, no colours when the output is no terminal.
 * @param head column titles
 * @param rows cells; numbers are shown with up to four significant decimals
 * @returns the text
 */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const numeric = head.map((_, i) =>
    rows.every((row) => row[i] === null || row[i] === '' || typeof row[i] === 'number'),
  );
  const table = new Table({
    head: [...head],
    colAligns: numeric.map((isNumeric) => (isNumeric ? 'right' : 'left')),
    style: { head: [], border: process.stdout.isTTY ? ['grey'] : [], compact: true },
  });
  for (const row of rows) table.push(row.map(showCell));
  return table.toString();
}

/**
 * @param value of a cell
 * @returns whole numbers with separators, others with four decimals, a dash for nothing
 */
export function showCell(value: string | number | null): string {
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return '–';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(4);
}
