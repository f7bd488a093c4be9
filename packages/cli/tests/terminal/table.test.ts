import { expect, it } from 'vitest';
import { drawTable } from '../../src/terminal/table.ts';

const HEAD = ['output', 'where', 'rows'];
const ROWS = [
  ['demand-naive', 'file:///home/somebody/.hemline/forecasts/weekly-20260105/demand-naive/', 10_440],
];

it('a table that is wider than the terminal is broken into lines, with nothing left out', () => {
  for (const width of [40, 60, 80]) {
    const lines = drawTable(HEAD, ROWS, width).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    const column = lines.map((line) => line.split('│')[2]?.trim() ?? '').join('');
    expect(column).toContain('file:///home/somebody/.hemline/forecasts/weekly-20260105/demand-naive/');
    expect(lines.join('\n')).toContain('10,440');
  }
});

it('words are kept whole where they fit', () => {
  const text = drawTable(['problem'], [['the trees cannot be trained on this machine']], 24);
  expect(text).toContain('the trees cannot be');
});

it('a file has room for every line', () => {
  expect(drawTable(HEAD, ROWS)).toContain('/weekly-20260105/demand-naive/');
});
