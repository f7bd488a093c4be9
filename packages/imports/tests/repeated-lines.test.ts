import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Exports, G, H, columns, line } from './support/exports.ts';

let exports: Exports;
beforeEach(async () => {
  exports = await Exports.make();
});
afterEach(() => exports.remove());

describe('lines that are told twice', () => {
  const first = `${H}${line('2024-03-04')}${line('2024-03-05', '2')}${line('2024-03-05', '3', '4', 'B')}`;
  const second = `${H}${line('2024-03-05', '3', '4', 'B')}${line('2024-03-05', '2')}${line('2024-03-06')}`;

  it('by two files whose days overlap are refused, and added or cut where the map says so', async () => {
    const files = { 'march.csv': first, 'week/10.csv': second };
    await expect(exports.imported(files)).rejects.toThrow(
      /two files tell the same days .*march\.csv.*found lines from 2024-03-05 on in .*10\.csv too \(2 in all\).*"repeats": "add"/,
    );
    const summary = await exports.imported(files, { sales: { columns, repeats: 'add' } });
    expect(summary.lines.used.lines).toBe(6);
    await exports.forget();
    await exports.imported({}, { sales: { columns, files: 'march.csv' }, to: '2024-03-05' });
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 3 9.5', 'B north 2024-03-04 3 4']);
  });

  it('by a file and its copy are refused', async () => {
    await expect(exports.imported({ 'a.csv': first, 'copy of a.csv': first })).rejects.toThrow(
      /two files tell the same days/,
    );
  });

  it('by tills of one shop are sales of their own: some days are alike by chance', async () => {
    const summary = await exports.imported({
      'till 1.csv': `${H}${line('2024-03-04')}${line('2024-03-05')}`,
      'till 2.csv': `${H}${line('2024-03-04')}${line('2024-03-05', '2')}`,
    });
    expect(summary.lines.used).toEqual({ lines: 4, units: 5 });
  });

  it('in one file are sales of their own', async () => {
    await exports.imported(`${H}${G}${G}`);
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 2 9.5']);
  });

  it('in a daily table are refused: a day is a line', async () => {
    const daily = { columns, kind: 'daily' };
    await expect(
      exports.imported(`${H}${line('2024-03-05')}${line('2024-03-05', '2')}`, { sales: daily }),
    ).rejects.toThrow(
      /a day of a daily table has several lines .*found 2 of article A in north on 2024-03-05/,
    );
    const added = { ...daily, repeats: 'add' };
    await exports.imported(`${H}${line('2024-03-05')}${line('2024-03-05', '2')}`, { sales: added });
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 3 9.5']);
  });
});
