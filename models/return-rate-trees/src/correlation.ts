import type { CohortTable } from './cohort-table.ts';

/** Younger cohorts tell more of chance than of their rate. */
const LEAST_MATURITY = 0.3;

/**
 * How alike the units of one cohort are: the intraclass correlation ρ. Orders come back whole, and what is wrong with a batch
 * is wrong with all of it, so that returns of a cohort scatter more than those of independent units. With q = p F the
 * chance that a unit is back, Var(r) = n q (1 − q) (1 + (n − 1) ρ). By moments, from how the rates z = r / (n F) of the cohorts
 * of a series scatter around their plain mean (Ridout, Demétrio & Firth 1999, Biometrics 55, 137–148): each cohort counts once,
 * so that one huge order does not decide.
 * @param table cohorts
 * @param lastWeek of the history, since the first
 * @param maturity F by series and age, `width` values a series
 * @param width of it
 * @returns ρ in [0, 1]
 */
export function unitCorrelation(
  table: CohortTable,
  lastWeek: number,
  maturity: Float64Array,
  width: number,
): number {
  let squares = 0;
  let alone = 0;
  let together = 0;
  for (let series = 0; series < table.series.length; series++) {
    const rows: number[] = [];
    const shares: number[] = [];
    for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++) {
      const share = maturity[series * width + Math.min(lastWeek - table.week[row]!, width - 1)]!;
      if (!(table.units[row]! > 0 && share >= LEAST_MATURITY)) continue;
      rows.push(row);
      shares.push(share);
    }
    if (rows.length < 2) continue;
    const rates = rows.map((row, at) => table.returned[row]! / (table.units[row]! * shares[at]!));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const free = 1 - 1 / rates.length;
    rows.forEach((row, at) => {
      const chance = Math.min(1, mean * shares[at]!);
      const units = table.units[row]!;
      const variance = (free * chance * (1 - chance)) / (units * shares[at]! ** 2);
      squares += (rates[at]! - mean) ** 2;
      alone += variance;
      together += variance * (units - 1);
    });
  }
  return together > 0 ? Math.min(1, Math.max(0, (squares - alone) / together)) : 0;
}

/**
 * A table in which a cohort of n units counts as the n / (1 + (n − 1) ρ) independent ones that say as much.
 * @param table cohorts
 * @param correlation ρ
 * @returns the table with units and returns scaled cohort by cohort
 */
export function independentUnits(table: CohortTable, correlation: number): CohortTable {
  if (correlation === 0) return table;
  const { back } = table;
  const weight = table.units.map((units) => (units > 1 ? 1 / (1 + (units - 1) * correlation) : 1));
  return {
    ...table,
    units: table.units.map((units, row) => units * weight[row]!),
    returned: table.returned.map((units, row) => units * weight[row]!),
    back: { ...back, units: back.units.map((units, at) => units * weight[back.row[at]!]!) },
  };
}
