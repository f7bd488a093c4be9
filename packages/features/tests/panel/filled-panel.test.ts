import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  isValid,
  stringsToColumn,
  toPanel,
  valueAt,
} from '@hemline/core';
import { fillWeeks } from '../../src/panel/filled-panel.ts';
import { FIRST_WEEK, randomPanel } from '../support/panels.ts';

describe('a filled panel', () => {
  it('has a row in every week of a series, the rows of the data where they belong, and nothing in the others', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.constantFrom(0, 0.3, 0.7),
        fc.option(fc.nat(40)),
        (seed, missing, until) => {
          const panel = randomPanel(seed, { series: 9, weeks: 25, missing });
          const end = until === null ? -Infinity : addWeeks(FIRST_WEEK, until);
          const filled = fillWeeks(panel, { until: end });
          const demand = filled.rows.column('demand');
          let found = 0;
          for (let s = 0; s < panel.series.length; s++) {
            const source = new Map<number, number>();
            for (let row = panel.offsets[s]!; row < panel.offsets[s + 1]!; row++)
              source.set(panel.weeks[row]!, row);
            const last = panel.weeks[panel.offsets[s + 1]! - 1]!;
            expect(filled.ends[s]).toBe(last);
            expect(filled.weeks[filled.offsets[s + 1]! - 1]).toBe(Math.max(last, end));
            for (let row = filled.offsets[s]!; row < filled.offsets[s + 1]!; row++) {
              const week = filled.weeks[row]!;
              expect(week).toBe(addWeeks(panel.weeks[panel.offsets[s]!]!, row - filled.offsets[s]!));
              const from = source.get(week);
              if (from !== undefined) found++;
              for (const name of ['demand', 'stock', 'discount'])
                expect(valueAt(filled.rows.column(name), row)).toBe(
                  from === undefined ? null : valueAt(panel.rows.column(name), from),
                );
              expect(valueAt(filled.rows.column('article'), row)).toBe(
                valueAt(panel.series.column('article'), s),
              );
              expect(filled.observed[row]).toBe(Number(isValid(demand, row)));
            }
          }
          expect(found).toBe(panel.rows.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('copies nothing where nothing is missing', () => {
    const panel = randomPanel(1, { series: 5, weeks: 20, missing: 0 });
    expect(fillWeeks(panel).rows.column('demand')).toBe(panel.rows.column('demand'));
  });

  it('refuses weeks that are not whole weeks apart', () => {
    const panel = toPanel(
      new Batch({
        article: stringsToColumn(['a', 'a']),
        market: stringsToColumn(['DE', 'DE']),
        week: dateColumn(Int32Array.of(0, 8)),
        demand: float64Column(Float64Array.of(1, 2)),
      }),
    );
    expect(() => fillWeeks(panel)).toThrow(/whole weeks apart.*1970-01-09/s);
  });
});
