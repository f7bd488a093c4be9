import {
  Batch,
  boolColumn,
  dateColumn,
  float64Column,
  schemaOf,
  stringsToColumn,
  Tables,
  validityWithout,
  valueAt,
  type Field,
} from '@hemline/core';
import { expect, test } from 'vitest';
import { demandActuals, type DemandActuals } from '../../src/actuals/demand-actuals.ts';
import { BatchBuilder, type Cell } from '../../src/testing/batch-builder.ts';
import { cut } from '../../src/testing/synthetic/tables.ts';

const FIELDS: Field[] = [
  { name: 'article', type: 'string' },
  { name: 'market', type: 'string' },
  { name: 'week', type: 'date' },
  { name: 'demand', type: 'float64', nullable: true },
  { name: 'uncensored', type: 'bool', nullable: true },
  { name: 'discount', type: 'float64', nullable: true },
  { name: 'blackPrice', type: 'float64', nullable: true },
  { name: 'feat', type: 'float64', nullable: true, knownAhead: true },
  { name: 'visits', type: 'float64', nullable: true },
];

function weekly(rows: readonly (readonly Cell[])[], fields = FIELDS): Tables {
  const schema = schemaOf(...fields);
  const builder = new BatchBuilder(schema);
  for (const row of rows) builder.add(...row);
  return new Tables([cut('weekly', builder.build(), 2, schema)]);
}

async function all(tables: Tables, window = { cutoff: 700, horizon: 2 }): Promise<DemandActuals[]> {
  const pieces: DemandActuals[] = [];
  for await (const piece of demandActuals(tables, window, { pieceRows: 2 })) pieces.push(piece);
  return pieces;
}

const ROWS: readonly (readonly Cell[])[] = [
  ['a', 'm', 700, 5, true, 0, 10, 0, 1],
  ['a', 'm', 707, 6, true, 0.1, 10, 1, 1],
  ['a', 'm', 714, 7, null, null, 12, 0, 1],
  ['a', 'm', 721, 8, true, 0, 10, 0, 1], // After the window.
  ['b', 'm', 700, 3, false, 0, 10, 0, 1],
  ['b', 'm', 707, 4, false, 0, 10, 0, 1], // Censored.
  ['b', 'm', 714, 0, true, 0, 10, 0, 1], // Zero is an observation.
  ['c', 'm', 707, 9, true, 0, 10, 0, 1], // Without history.
  ['d', 'm', 700, null, true, 0, 10, 0, 1],
  ['d', 'm', 707, 9, true, 0, 10, 0, 1], // Its only row of the history has no demand.
  ['e', 'm', 693, 2, true, 0, 10, 0, 1],
  ['e', 'm', 707, null, true, 0, 10, 0, 1], // Nothing observed.
  ['e', 'm', 714, 2, true, 0, null, 0, 1], // No black price to weigh it by.
];

test('rows are the observed weeks of the window, of series with history', async () => {
  const pieces = await all(weekly(ROWS));
  const rows = pieces.flatMap(({ rows, demand, blackPrice }) =>
    Array.from({ length: rows.length }, (_, row) => [
      valueAt(rows.column('article'), row),
      valueAt(rows.column('week'), row),
      demand[row],
      blackPrice[row],
      valueAt(rows.column('discount'), row),
    ]),
  );
  expect(rows).toEqual([
    ['a', 707, 6, 10, 0.1],
    ['a', 714, 7, 12, 0],
    ['b', 714, 0, 10, 0],
  ]);
  expect(pieces.map(({ rows: piece }) => piece.length)).toEqual([2, 1]);
});

test('a model is told what was known ahead and nothing else', async () => {
  const [piece] = await all(weekly(ROWS));
  expect(piece!.rows.names).toEqual(['article', 'market', 'week', 'discount', 'blackPrice', 'feat']);
});

test('without black price every row weighs 1, without discount it is 0', async () => {
  const batch = new Batch({
    article: stringsToColumn(['a', 'a']),
    market: stringsToColumn(['m', 'm']),
    week: dateColumn(Int32Array.of(700, 707)),
    demand: float64Column(Float64Array.of(1, 2)),
    uncensored: boolColumn(Uint8Array.of(0, 0), validityWithout(2, [0, 1])),
  });
  const [piece] = await all(new Tables([cut('weekly', batch, 10)]));
  expect([...piece!.blackPrice]).toEqual([1]);
  expect([...piece!.rows.floats('discount')]).toEqual([0]);
});
