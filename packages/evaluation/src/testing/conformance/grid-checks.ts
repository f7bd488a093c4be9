import { DEFAULT_DISCOUNTS, filterRows, parseDiscountGrid, QUANTITIES, type Batch } from '@hemline/core';
import { SeededRandom } from '../synthetic/random.ts';
import { assert, type ConformanceCheck } from './check.ts';
import { demandSameForecasts, keyText } from './compare.ts';
import { demandInRange, demandMonotone } from './forecast-checks.ts';
import type { Subject } from './subject.ts';

/** Random grids that are asked for beside the dense one. */
const RANDOM_GRIDS = 3;

/**
 * Checks of demand at every discount that production asks for, and between: a fault at 35 % is not seen at 20 and 50.
 * @param subject the model under test
 * @returns the checks; all levels are asked in one request, of a model that is fitted once
 */
export function gridChecks(subject: Subject): ConformanceCheck[] {
  const { model } = subject;
  const isDemand = model.quantity === 'demand';
  const monotone = model.capabilities.monotoneIn.includes('discount');
  const noDemand = isDemand ? {} : { skip: `no demand but ${model.quantity}` };
  let asked: Promise<Answers> | null = null;
  const answers = (): Promise<Answers> => (asked ??= ask(subject));
  return [
    {
      name: 'demand is finite and in range at every level of the production grid and between them',
      ...noDemand,
      run: async () => demandInRange(model, (await answers()).dense),
    },
    {
      name: 'demand never falls on the production grid, nor between its levels',
      ...(isDemand && !monotone ? { skip: 'not declared in capabilities.monotoneIn' } : noDemand),
      run: async () => demandMonotone((await answers()).dense),
    },
    {
      name: 'the demand at a discount does not depend on the other discounts and weeks asked, nor on what was asked before',
      ...noDemand,
      run: async () => {
        const { dense, parts } = await answers();
        for (const part of parts) demandSameAsDense(subject, part, dense);
      },
    },
  ];
}

/** Forecasts on all levels, and on parts of them, by one fitted model, one after the other. */
interface Answers {
  readonly dense: Batch;
  readonly parts: readonly Part[];
}

interface Part {
  /** For the message. */
  readonly what: string;
  readonly rows: Batch;
  readonly expected: number;
}

function ask(subject: Subject): Promise<Answers> {
  const random = new SeededRandom((subject.options.seed ?? 7) + 1);
  const levels = denseLevels(random);
  return subject.withCopy(async (fitted) => {
    const scenarios = subject.scenarios('grid', await subject.plan());
    if (scenarios.kind !== 'grid') throw new TypeError('a grid was asked for');
    const dense = await subject.ask(fitted, 'grid', { scenarios: { ...scenarios, discounts: levels } });
    const items = await subject.items();
    const parts: Part[] = [];
    for (let grid = 0; grid < RANDOM_GRIDS; grid++) {
      // The last grid is the dense one again: what was asked between may have left nothing behind.
      const last = grid === RANDOM_GRIDS - 1;
      const chosen = last ? levels : levels.filter((_, i) => i === grid || random.chance(0.3));
      const weeks = last ? scenarios.weeks : scenarios.weeks.slice(0, 1 + random.below(subject.horizon));
      const batchRows = last ? 1000 : 1 + random.below(200);
      const rows = await subject.ask(fitted, 'grid', {
        batchRows,
        scenarios: { ...scenarios, weeks, discounts: chosen },
      });
      parts.push({
        what: `${chosen.length} discounts (${[...chosen].join(', ')}), ${weeks.length} weeks, batches of ${batchRows}`,
        rows,
        expected: items.length * weeks.length * chosen.length,
      });
    }
    return { dense, parts };
  });
}

/**
 * @param random draws
 * @returns the production grid and a level at random between each two of its levels
 */
export function denseLevels(random: SeededRandom): Float64Array {
  const grid = parseDiscountGrid(DEFAULT_DISCOUNTS);
  const levels: number[] = [];
  for (const [i, level] of grid.entries()) {
    levels.push(level);
    const next = grid[i + 1];
    // Six decimals, as grids keep them.
    if (next !== undefined)
      levels.push(Number((level + (next - level) * (0.1 + 0.8 * random.uniform())).toFixed(6)));
  }
  return Float64Array.from(levels);
}

function demandSameAsDense(subject: Subject, { what, rows, expected }: Part, dense: Batch): void {
  const { key } = QUANTITIES.demand;
  assert(
    rows.length === expected,
    `${rows.length} forecasts instead of ${expected} where ${what} were asked: predict drops or repeats rows`,
  );
  const wanted = new Set(Array.from({ length: rows.length }, (_, row) => keyText(rows, key, row)));
  const same = filterRows(dense, (row) => wanted.has(keyText(dense, key, row)));
  try {
    demandSameForecasts(rows, same, key, subject.tolerance);
  } catch (error) {
    throw new Error(
      `${(error as Error).message}, where ${what} were asked instead of all levels: look for what predict keeps from ` +
        'row to row or from call to call, or takes from the whole grid',
      { cause: error },
    );
  }
}
