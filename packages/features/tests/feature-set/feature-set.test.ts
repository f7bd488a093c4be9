import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWeeks, Batch, float64Column, takeRows, type Week } from '@hemline/core';
import { countEncoding } from '../../src/kinds/groups.ts';
import { FeatureSet } from '../../src/feature-set/feature-set.ts';
import { fillWeeks, type FilledPanel } from '../../src/panel/filled-panel.ts';
import { future, past } from '../../src/kinds/covariate.ts';
import { lag } from '../../src/kinds/lag.ts';
import { rolling } from '../../src/kinds/windows.ts';
import { weekOfYear } from '../../src/kinds/calendar.ts';
import { current } from '../../src/kinds/planned.ts';
import { EVERY_KIND, KINDS_LEFT_OUT } from '../support/every-kind.ts';
import { FIRST_WEEK, randomPanel } from '../support/panels.ts';

const features = new FeatureSet(EVERY_KIND);
const WEEKS = 26;
const HORIZON = 7;

const panels = fc
  .record({
    seed: fc.nat(1e6),
    series: fc.integer({ min: 1, max: 12 }),
    missing: fc.constantFrom(0, 0.2, 0.6),
    cutoff: fc.integer({ min: 2, max: WEEKS - HORIZON - 1 }).map((week) => addWeeks(FIRST_WEEK, week)),
  })
  .map(({ seed, series, missing, cutoff }) => ({
    panel: fillWeeks(randomPanel(seed, { series, weeks: WEEKS, missing }), {
      until: addWeeks(FIRST_WEEK, WEEKS),
    }),
    cutoff,
  }));

/** What was not known at the cutoff is replaced. */
function poison(panel: FilledPanel, cutoff: Week, value: () => number): FilledPanel {
  const poisoned = ['demand', 'stock'].map((name) => {
    const values = panel.rows.floats(name).slice();
    for (let row = 0; row < values.length; row++) if (panel.weeks[row]! > cutoff) values[row] = value();
    return [name, float64Column(values)] as const;
  });
  return { ...panel, rows: panel.rows.with(Object.fromEntries(poisoned)) };
}

/** The features of a week ahead, as the transformation with its lead time gives them; missing where there is no row. */
function rowsAhead(panel: FilledPanel, cutoff: Week, leadTime: number): Record<string, number[]> {
  const totals = features.totals(cutoff);
  totals.add(panel);
  const columns = features.transform(panel, { cutoff, leadTime, totals });
  const week = addWeeks(cutoff, leadTime);
  const found: Record<string, number[]> = {};
  for (const name of features.names) {
    const values = columns.find(name)!;
    found[name] = Array.from({ length: panel.series.length }, (_, series) => {
      const row = panel.offsets[series]! + (week - panel.weeks[panel.offsets[series]!]!) / 7;
      return row < panel.offsets[series]! ? NaN : values[row]!;
    });
  }
  return found;
}

describe('features', () => {
  it('are tested in every kind', () => {
    expect(KINDS_LEFT_OUT).toEqual([]);
  });

  it('of the next steps equal those of the transformation, bit by bit', () => {
    fc.assert(
      fc.property(panels, ({ panel, cutoff }) => {
        const { keys, columns } = features.ahead(panel, { cutoff, horizon: HORIZON });
        expect(keys.length).toBe(panel.series.length * HORIZON);
        for (const leadTime of [1, 2, HORIZON]) {
          const expected = rowsAhead(panel, cutoff, leadTime);
          for (const name of features.names) {
            const found = Array.from(
              { length: panel.series.length },
              (_, series) => columns.find(name)![series * HORIZON + leadTime - 1]!,
            );
            // Series that begin later have no row for the transformation to fill.
            const there = (value: number, series: number): number =>
              panel.weeks[panel.offsets[series]!]! > addWeeks(cutoff, leadTime) ? NaN : value;
            expect({ name, leadTime, values: found.map(there) }).toEqual({
              name,
              leadTime,
              values: expected[name],
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('read nothing after the cutoff but what is planned, whatever stands there', () => {
    fc.assert(
      fc.property(panels, fc.constantFrom(NaN, Infinity, -1e300, 12345), ({ panel, cutoff }, garbage) => {
        const clean = features.ahead(panel, { cutoff, horizon: HORIZON }).columns;
        const poisoned = poison(panel, cutoff, () => garbage);
        const found = features.ahead(poisoned, { cutoff, horizon: HORIZON }).columns;
        for (const name of features.names) expect([name, found.find(name)]).toEqual([name, clean.find(name)]);
        for (const leadTime of [1, 3]) {
          const before = features.transform(panel, { cutoff, leadTime });
          const after = features.transform(poisoned, { cutoff, leadTime });
          for (const name of features.names)
            expect([name, after.find(name)]).toEqual([name, before.find(name)]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of a week see nothing of the week itself', () => {
    fc.assert(
      fc.property(panels, ({ panel }) => {
        const end = addWeeks(FIRST_WEEK, WEEKS);
        const clean = features.transform(panel, { cutoff: end });
        const week = addWeeks(FIRST_WEEK, 11);
        const changed = features.transform(
          poison(panel, addWeeks(week, -1), () => 7e6),
          { cutoff: end },
        );
        for (const name of features.names)
          for (let row = 0; row < panel.weeks.length; row++)
            if (panel.weeks[row]! <= week)
              expect([name, row, changed.find(name)![row]]).toEqual([name, row, clean.find(name)![row]]);
      }),
      { numRuns: 10 },
    );
  });

  it('do not depend on how panels are cut, once the sums of groups are gathered', () => {
    fc.assert(
      fc.property(panels, fc.nat(), ({ panel, cutoff }, at) => {
        const whole = features.transform(panel, { cutoff });
        const middle = 1 + (at % panel.series.length);
        const parts = [series(panel, 0, middle), series(panel, middle, panel.series.length)];
        const totals = features.totals(cutoff);
        for (const part of parts) totals.add(part);
        const cut = parts.map((part) => features.transform(part, { cutoff, totals }));
        for (const name of features.names)
          expect([name, cut.flatMap((columns) => [...columns.find(name)!])]).toEqual([
            name,
            [...whole.find(name)!],
          ]);
      }),
      { numRuns: 20 },
    );
  });

  it('come back from their definition', () => {
    const json = JSON.stringify(features.definition);
    const parsed = FeatureSet.parse(JSON.parse(json));
    expect(parsed.names).toEqual(features.names);
    expect(JSON.stringify(parsed.definition)).toBe(json);
    const panel = fillWeeks(randomPanel(5, { series: 6, weeks: 20, missing: 0.2 }));
    const cutoff = addWeeks(FIRST_WEEK, 20);
    expect(parsed.transform(panel, { cutoff }).values).toEqual(features.transform(panel, { cutoff }).values);
  });

  it('equal those of polars', () => {
    const golden = JSON.parse(readFileSync(new URL('golden/polars.json', import.meta.url), 'utf8')) as {
      rows: { series: number; week: number; demand: number | null; discount: number }[];
      features: Record<string, (number | null)[]>;
    };
    const starts = golden.rows.flatMap(({ series }, row) =>
      golden.rows[row - 1]?.series === series ? [] : [row],
    );
    const demand = Float64Array.from(golden.rows, (row) => row.demand ?? NaN);
    const weeks = Int32Array.from(golden.rows, ({ week }) => week);
    const panel: FilledPanel = {
      rows: new Batch({
        demand: float64Column(demand),
        discount: float64Column(Float64Array.from(golden.rows, ({ discount }) => discount)),
      }),
      offsets: Uint32Array.from([...starts, golden.rows.length]),
      weeks,
      series: new Batch({}, starts.length),
      observed: Uint8Array.from(demand, (value) => Number(!Number.isNaN(value))),
      ends: Int32Array.from([...starts.slice(1), golden.rows.length], (end) => weeks[end - 1]!),
    };
    const set = FeatureSet.parse(
      JSON.parse(readFileSync(new URL('golden/features.json', import.meta.url), 'utf8')),
    );
    const columns = set.transform(panel, { cutoff: Math.max(...weeks) });
    expect(Object.keys(golden.features)).toEqual(set.names);
    for (const [name, expected] of Object.entries(golden.features))
      for (let row = 0; row < expected.length; row++)
        if (expected[row] === null) expect([name, row, columns.find(name)![row]]).toEqual([name, row, NaN]);
        else expect(columns.find(name)![row], `${name}, row ${row}`).toBeCloseTo(expected[row]!, 10);
  });
});

describe('a set of features', () => {
  const past4 = rolling(past('demand'), { statistic: 'mean', window: 4 });

  it('names what it reads', () => {
    expect(features.inputs).toEqual({
      past: ['demand', 'stock'],
      future: ['discount'],
      attributes: ['group', 'market', 'launchWeek', 'seasonEndWeek'],
    });
  });

  it('refuses a feature twice, and what is no definition', () => {
    expect(() => new FeatureSet([past4, weekOfYear(), past4])).toThrow(/demand_rolling_mean_lag1_window4/);
    expect(() => FeatureSet.parse({ features: [] })).toThrow(/no definition of features/);
    expect(() => FeatureSet.parse({ version: 1, features: [{ kind: 'lagg' }] })).toThrow(/Did you mean lag/);
    expect(() => FeatureSet.parse({ version: 1, features: [{ kind: 'lag', of: 'demand' }] })).toThrow(
      /does not say what it is of/,
    );
    expect(() => FeatureSet.parse({ version: 1, features: [{ kind: 'constructor' }] })).toThrow(
      /no such kind/,
    );
  });

  it('refuses lags that see the week itself', () => {
    expect(() => lag(past('demand'), { lag: 0 })).toThrow(/A week may not see itself/);
    expect(() => rolling(past('demand'), { statistic: 'std', window: 1 })).toThrow(/at least 2/);
    // @ts-expect-error What is known up to the cutoff alone has no current value.
    expect(() => current(past('demand'))).toThrow("Write lag(past('demand'))");
  });

  it('checks a dataset: columns there, futures planned', () => {
    const set = new FeatureSet([past4, current(future('campaign'))]);
    const data = (names: string[], knownAhead: string[]) => ({
      weekly: { fields: names.map((name) => ({ name, type: 'float64' as const })) },
      knownAhead,
      attributes: ['market'],
      partitionedBy: null,
    });
    const whole = data(['demand', 'campaign'], ['campaign']);
    expect(() => set.check(whole)).not.toThrow();
    expect(() => set.check(data(['campaign'], ['campaign']))).toThrow(/demand, for demand_rolling_mean/);
    expect(() => set.check(data(['demand', 'campaign'], ['discount']))).toThrow(/not known ahead/);
    // Of the features that read a column the one that reads its future alone is at fault.
    const peeking = new FeatureSet([past4, lag(past('demand')), current(future('demand'))]);
    expect(() => peeking.check(whole)).toThrow(/found demand, for demand[.;\s(]/);
    const grouped = new FeatureSet([countEncoding({ by: ['brand'] })]);
    expect(() => grouped.check(whole)).toThrow(/brand, for demand_by_brand_count_lag1/);
  });

  it('wants panels that reach to the end of the horizon', () => {
    const panel = fillWeeks(randomPanel(1, { series: 4, weeks: 10, missing: 0 }));
    expect(() => features.ahead(panel, { cutoff: addWeeks(FIRST_WEEK, 9), horizon: 3 })).toThrow(
      /ends before the weeks/,
    );
  });
});

/** Some series of a panel. */
function series(panel: FilledPanel, from: number, to: number): FilledPanel {
  const [first, end] = [panel.offsets[from]!, panel.offsets[to]!];
  const rows = Uint32Array.from({ length: end - first }, (_, row) => first + row);
  return {
    rows: takeRows(panel.rows, rows),
    offsets: panel.offsets.slice(from, to + 1).map((offset) => offset - first),
    weeks: panel.weeks.slice(first, end),
    series: takeRows(
      panel.series,
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
    ),
    observed: panel.observed.slice(first, end),
    ends: panel.ends.slice(from, to),
  };
}
