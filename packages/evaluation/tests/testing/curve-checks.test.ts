import {
  Batch,
  dateColumn,
  float64Column,
  schemaOf,
  sliceRows,
  stringsToColumn,
  throwIfAborted,
  valueAt,
  type AnyModel,
  type CurveRequest,
  type DiscountGrid,
  type FittedModel,
  type ForecastCurves,
} from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { curveChecks } from '../../src/testing/conformance/curve-checks.ts';
import { Subject } from '../../src/testing/conformance/subject.ts';
import { levelModel } from '../fixtures/level-model.ts';

const DATA = { articles: 14, markets: 2, weeks: 40 };

/** Ways to break curves, each against one clause of the contract. */
interface Flaws {
  readonly rounds?: boolean;
  readonly skipsFirst?: boolean;
  readonly ignoresBatchRows?: boolean;
  readonly ignoresSignal?: boolean;
  readonly givesNone?: boolean;
}

const CURVES: ForecastCurves = {
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'atFull', type: 'float64' },
    { name: 'support', type: 'float64' },
  ),
  evaluate: (curves, discounts) =>
    rowsOf(curves, discounts, (row, discount) => curves.floats('atFull')[row]! * (1 + discount)),
};

function rowsOf(
  curves: Batch,
  discounts: DiscountGrid,
  demandOf: (row: number, discount: number) => number,
): Batch {
  const cells = Array.from({ length: curves.length }, (_, row) => row).flatMap((row) =>
    Array.from(discounts, (discount) => ({ row, discount })),
  );
  const text = (name: string): string[] => cells.map(({ row }) => String(valueAt(curves.column(name), row)));
  const weeks = curves.weeks('week');
  return new Batch({
    article: stringsToColumn(text('article')),
    market: stringsToColumn(text('market')),
    week: dateColumn(Int32Array.from(cells, ({ row }) => weeks[row]!)),
    discount: float64Column(Float64Array.from(cells, ({ discount }) => discount)),
    demand: float64Column(Float64Array.from(cells, ({ row, discount }) => demandOf(row, discount))),
    support: float64Column(new Float64Array(cells.length)),
  });
}

/** The level model with its demand, level × (1 + discount), as curves: what it forecasts without discount. */
function curvedModel(flaws: Flaws = {}): AnyModel {
  const model = levelModel();
  return {
    ...model,
    curves: CURVES,
    fit: async (...parameters) => {
      const fitted = await model.fit(...parameters);
      return flaws.givesNone === true
        ? fitted
        : { ...fitted, curves: (request) => curvesOf(fitted, request, flaws) };
    },
  };
}

async function* curvesOf(
  fitted: FittedModel,
  { weeks, plan, ...request }: CurveRequest,
  flaws: Flaws,
): AsyncGenerator<Batch> {
  const signal = flaws.ignoresSignal === true ? undefined : request.signal;
  throwIfAborted(signal);
  const scenarios = { kind: 'grid', weeks, discounts: Float64Array.of(0), plan } as const;
  const asked = { ...request, signal, scenarios, batchRows: 1_000_000 };
  for await (const batch of fitted.predict(asked)) {
    const atFull = batch
      .floats('demand')
      .map((value) => (flaws.rounds === true ? Math.fround(value) : value));
    const whole = batch
      .select(['article', 'market', 'week', 'support'])
      .with({ atFull: float64Column(atFull) });
    const step = flaws.ignoresBatchRows === true ? whole.length : request.batchRows;
    for (let start = flaws.skipsFirst === true ? 1 : 0; start < whole.length; start += step)
      yield sliceRows(whole, start, start + step);
  }
}

async function failures(model: AnyModel): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of curveChecks(new Subject(model, { data: DATA })))
    await check.run().catch((error: Error) => failed.set(check.name, error.message));
  return failed;
}

const SAME = 'curves, evaluated, are the forecasts of the grid';

describe('curves', () => {
  test('that are sound fail nothing', async () => {
    expect(await failures(curvedModel())).toEqual(new Map());
  });

  const flaws: [keyof Flaws, string, string][] = [
    ['rounds', SAME, 'instead of'],
    ['skipsFirst', SAME, 'curves of'],
    ['ignoresBatchRows', SAME, 'asked for at most'],
    ['givesNone', SAME, 'the fitted model gives none'],
    ['ignoresSignal', 'curves stop with InterruptedError', 'does not fail'],
  ];
  test.each(flaws)('with the flaw %s are found', async (flaw, check, message) => {
    expect((await failures(curvedModel({ [flaw]: true }))).get(check)).toMatch(message);
  });
});
