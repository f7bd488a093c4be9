import Table from 'cli-table3';

/** Columns are not made narrower than so many letters. */
const LEAST_WIDTH = 8;
/** Of a cell, besides its text: a blank at both sides, and the line. */
const AROUND = 3;

type Cell = string | number | null;

/**
 * Draws rows as a table for a terminal: numbers to the right, no colours when the output is no terminal. Where it is wider than the
 * terminal, its widest columns are broken into lines.
 * @param head column titles
 * @param rows cells; numbers are shown with up to four significant decimals
 * @param width of the terminal in letters; a file has room for every line
 * @returns the text
 */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number = terminalWidth(),
): string {
  const numeric = head.map((_, i) =>
    rows.every((row) => row[i] === null || row[i] === '' || typeof row[i] === 'number'),
  );
  const cells = rows.map((row) => row.map(showCell));
  const widths = columnWidths(
    head.map((title, i) => Math.max(title.length, ...cells.map((row) => lineWidth(row[i] ?? '')))),
    numeric,
    width,
  );
  const table = new Table({
    head: head.map((title, i) => broken(title, widths[i]!)),
    colAligns: numeric.map((isNumeric) => (isNumeric ? 'right' : 'left')),
    style: { head: [], border: process.stdout.isTTY ? ['grey'] : [], compact: true },
  });
  for (const row of cells) table.push(row.map((cell, i) => broken(cell, widths[i]!)));
  return table.toString();
}

/**
 * @param value of a cell
 * @returns whole numbers with separators, others with four decimals, a dash for nothing
 */
export function showCell(value: Cell): string {
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return '–';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(4);
}

function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}

function lineWidth(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** Takes from the widest column of text until all fit, or none can give any more. */
function columnWidths(natural: readonly number[], numeric: readonly boolean[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each + AROUND, 1) - width;
  while (excess > 0) {
    const candidates = widths.flatMap((each, i) => (numeric[i] || each <= LEAST_WIDTH ? [] : [each]));
    if (candidates.length === 0) break;
    const widest = Math.max(...candidates);
    const at = widths.findIndex((each, i) => !numeric[i] && each === widest);
    widths[at] = widest - 1;
    excess--;
  }
  return widths;
}

/** Between words where that is possible, after a slash, or else anywhere: nothing is left out. */
function broken(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => linesOf(line, width))
    .join('\n');
}

function linesOf(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const slash = rest.lastIndexOf('/', width - 1) + 1;
    const cut = blank > 0 ? blank : slash > 0 ? slash : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(blank > 0 ? cut + 1 : cut);
  }
  return [...lines, rest];
}
