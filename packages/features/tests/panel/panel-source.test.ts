import { describe, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  filterRows,
  memoryTable,
  sliceRows,
  stringsToColumn,
  takeRows,
  valueAt,
  type Table,
} from '@hemline/core';
import { PanelSource, type PanelOptions } from '../../src/panel/panel-source.ts';
import type { FilledPanel } from '../../src/panel/filled-panel.ts';
import { FIRST_WEEK, randomPanel } from '../support/panels.ts';
import { SeededRandom } from '../support/random.ts';

const { rows, series } = randomPanel(8, { series: 40, weeks: 30, missing: 0.2 });
const cutoff = addWeeks(FIRST_WEEK, 18);
const history = filterRows(rows, (row) => rows.weeks('week')[row]! <= cutoff);
const plan = filterRows(rows, (row) => rows.weeks('week')[row]! > cutoff).select([
  'article',
  'market',
  'week',
  'discount',
]);
const names = [
  ...new Set(Array.from({ length: series.length }, (_, s) => String(valueAt(series.column('article'), s)))),
];
const articles = memoryTable('articles', [
  new Batch({
    article: stringsToColumn(names),
    group: stringsToColumn(names.map((name) => `group of ${name}`)),
  }),
]);
const options: PanelOptions = {
  columns: ['demand', 'discount'],
  attributes: ['group'],
  until: addWeeks(FIRST_WEEK, 30),
};

/** A table that gives its rows in pieces. */
function pieces(batch: Batch, size: number): Table {
  const parts: Batch[] = [];
  for (let start = 0; start < batch.length; start += size) parts.push(sliceRows(batch, start, start + size));
  return memoryTable('weekly', parts);
}

/** Everything that panels hold, series by series, in one order. */
async function contentOf(weekly: Table, more: Partial<PanelOptions> = {}): Promise<string[]> {
  const source = await PanelSource.open({ weekly, plan, articles });
  const lines: string[] = [];
  for await (const panel of source.panels({ ...options, ...more })) lines.push(...linesOf(panel));
  return lines.sort();
}

function linesOf(panel: FilledPanel): string[] {
  return Array.from({ length: panel.series.length }, (_, s) => {
    const key = ['article', 'market', 'group'].map((name) => valueAt(panel.series.column(name), s)).join(' ');
    const values: string[] = [];
    for (let row = panel.offsets[s]!; row < panel.offsets[s + 1]!; row++)
      values.push(
        ['week', 'demand', 'discount', 'observed']
          .map((name) => valueAt(panel.rows.column(name), row))
          .join(' '),
      );
    return `${key}: ${values.join(', ')}`;
  });
}

describe('a panel source', () => {
  it('gives the same panels whatever the size of batches and panels, and in whatever order the rows come', async () => {
    const expected = await contentOf(memoryTable('weekly', [history]));
    expect(expected.length).toBe(series.length);
    for (const size of [1, 7, 100])
      expect(await contentOf(pieces(history, size), { panelRows: 50 })).toEqual(expected);
    const order = new SeededRandom(2).shuffle(Array.from({ length: history.length }, (_, row) => row));
    const shuffled = takeRows(history, Uint32Array.from(order));
    expect(await contentOf(pieces(shuffled, 33))).toEqual(expected);
  });

  it('holds a few series at a time where their rows stand together', async () => {
    const source = await PanelSource.open({ weekly: pieces(history, 20), plan, articles });
    const sizes: number[] = [];
    for await (const panel of source.panels({ ...options, panelRows: 60, until: undefined }))
      sizes.push(panel.rows.length);
    expect(sizes.length).toBeGreaterThan(4);
    expect(Math.max(...sizes)).toBeLessThan(200);
  });

  it('knows articles that are only planned', async () => {
    const known = new Set(
      linesOf((await first(memoryTable('weekly', [history])))!).map((line) => line.split(':')[0]),
    );
    const all = (await contentOf(memoryTable('weekly', [history]))).map((line) => line.split(':')[0]!);
    const planned = all.filter((key) => !known.has(key));
    expect(planned.length).toBeGreaterThan(0);
    const empty = memoryTable('weekly', [sliceRows(history, 0, 0)]);
    expect((await contentOf(empty)).length).toBe(new Set(keysOf(plan)).size);
  });

  it('names attributes that there are not', async () => {
    const source = await PanelSource.open({ weekly: memoryTable('weekly', [history]), articles });
    await expect(source.panels({ ...options, attributes: ['colour'] }).next()).rejects.toThrow(
      /no column colour/,
    );
  });
});

async function first(weekly: Table): Promise<FilledPanel | null> {
  const source = await PanelSource.open({ weekly, plan, articles });
  for await (const panel of source.panels(options)) return panel;
  return null;
}

function keysOf(batch: Batch): string[] {
  return Array.from({ length: batch.length }, (_, row) =>
    ['article', 'market'].map((name) => valueAt(batch.column(name), row)).join(' '),
  );
}
