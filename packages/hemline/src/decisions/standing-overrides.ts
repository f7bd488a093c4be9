import { createHash } from 'node:crypto';
import { SeriesFinder, type ArticleTable } from '@hemline/pricing';
import { cellTable } from './cell-table.ts';
import { decisionsAbout, type DecisionPlaceOptions } from './decision-place.ts';
import { selectCells } from './select-cells.ts';

/** Prices that people have fixed. */
export interface StandingOverrides {
  /** How many there are in the weeks that are priced. */
  readonly count: number;
  /** Of these, of articles, markets or weeks that are not priced. */
  readonly unused: number;
  /** Digest of them; null where there are none. */
  readonly digest: string | null;
  /** Discounts by series and week, NaN where none is fixed [N·T]; null where none is at all. */
  readonly discounts: Float64Array | null;
}

/** Where nobody has fixed anything. */
export const NO_OVERRIDES: StandingOverrides = { count: 0, unused: 0, digest: null, discounts: null };

/**
 * The prices of some weeks that people have fixed, and that nobody has decided otherwise about since.
 * @param dataset its name
 * @param table all articles that are priced
 * @param options home
 * @returns what is fixed
 */
export async function standingOverrides(
  dataset: string,
  table: ArticleTable,
  options: Pick<DecisionPlaceOptions, 'home' | 'store'>,
): Promise<StandingOverrides> {
  const store = await decisionsAbout(dataset, options);
  const { weeks } = table;
  const ledger = await store.read({ from: weeks[0]!, to: weeks.at(-1)! });
  const { amounts, isManual } = ledger.cells;
  const cells = selectCells(ledger, { states: ['overridden', 'in-shop'] }).filter(
    (cell) => isManual[cell] === 1,
  );
  if (cells.length === 0) return NO_OVERRIDES;
  const keys = cellTable(ledger, cells, ['article', 'market', 'week', 'chosen']);
  const found = new SeriesFinder(table).cells(keys);
  const discounts = new Float64Array(table.market.length * weeks.length).fill(NaN);
  const hash = createHash('sha256');
  let unused = 0;
  cells.forEach((cell, row) => {
    const discount = amounts.chosen[cell]!;
    hash.update(
      JSON.stringify([
        ledger.articleOf(cell),
        ledger.marketOf(cell),
        ledger.cells.codes.week[cell],
        discount,
      ]),
    );
    if (found[row] === -1) unused++;
    else discounts[found[row]!] = discount;
  });
  return { count: cells.length, unused, digest: hash.digest('hex'), discounts };
}

/**
 * Puts what people have fixed above a plan.
 * @param planned discounts by series and week; null: none
 * @param overrides of people
 * @param overrides.discounts that they have fixed
 * @returns both, and how many of the plan's discounts yield to another
 */
export function withOverrides(
  planned: Float64Array | null,
  { discounts }: StandingOverrides,
): { readonly planned: Float64Array | null; readonly yielding: number } {
  if (discounts === null || planned === null) return { planned: discounts ?? planned, yielding: 0 };
  let yielding = 0;
  const both = planned.map((discount, cell) => {
    const fixed = discounts[cell]!;
    if (Number.isNaN(fixed)) return discount;
    if (!Number.isNaN(discount) && discount !== fixed) yielding++;
    return fixed;
  });
  return { planned: both, yielding };
}

/**
 * @param overrides of people
 * @param overrides.count how many
 * @param overrides.unused of these
 * @param yielding discounts of a plan that yield to them
 * @returns what is to be told of them
 */
export function overridesTold({ count, unused }: StandingOverrides, yielding: number): string[] {
  return [
    ...(count > unused
      ? [`${count - unused} prices are fixed by people (hemline decisions), and stay as they are`]
      : []),
    ...(unused > 0
      ? [`${unused} prices that people have fixed are of articles or markets that are not priced`]
      : []),
    ...(yielding > 0
      ? [`${yielding} discounts of the plan yield to prices that people have fixed otherwise`]
      : []),
  ];
}
