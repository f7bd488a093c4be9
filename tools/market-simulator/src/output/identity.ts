import { formatWeek } from '@hemline/core';
import type { CheckedOptions } from '../options.ts';

/** Raised whenever the same options give other bytes than before. */
const FORMAT = 2;

/**
 * @param checked options
 * @returns everything that the written bytes depend on
 */
export function identityOf(checked: CheckedOptions): Record<string, unknown> {
  const { articles, markets, weeks, planWeeks, seed, firstWeek, levels, shift, rowGroupRows, fileRows } =
    checked;
  const { pool, competition, aging, vat, overstock, residual } = checked;
  return {
    format: FORMAT,
    articles,
    markets,
    weeks,
    planWeeks,
    seed,
    firstWeek: formatWeek(firstWeek),
    discounts: [...levels],
    ...(shift === null ? {} : { shift: { ...shift, from: formatWeek(shift.from) } }),
    // What is off is not named: simulations made before there was such an option are still found.
    ...(pool ? { pool } : {}),
    ...(competition === 0 ? {} : { competition }),
    ...(aging === 0 ? {} : { aging }),
    ...(vat ? { vat } : {}),
    ...(overstock === 0 ? {} : { overstock }),
    ...(residual === 1 ? {} : { residual }),
    rowGroupRows,
    fileRows,
  };
}
