import type { SimulatedSeries } from './series-state.ts';

/**
 * Expected demand of a week were there no rivals, over all noise.
 * @param series whose
 * @param age week of its life
 * @param level of the discount
 * @returns units
 */
export function demandAlone(
  { record, lift, parameters }: SimulatedSeries,
  age: number,
  level: number,
): number {
  const boost = 1 + parameters.response.campaignBoost * record.campaign[age]!;
  return record.undiscounted[age]! * Math.exp(lift[level]! * boost * record.aging[age]!);
}

/**
 * Expected demand of a week, over all noise, at the discounts that rivals give in it. With D the demand that the articles of a
 * group would have alone, added up, and B the same without discounts, each has (B / D) ^ competition of its own: at 0 a discount
 * takes nothing from others, near 1 it brings the group nothing, and who buys what is a logit choice.
 * @param series whose
 * @param age week of its life
 * @param level of the discount
 * @returns units
 */
export function expectedDemand(series: SimulatedSeries, age: number, level: number): number {
  const alone = demandAlone(series, age, level);
  if (series.competition === 0) return alone;
  const { undiscounted, othersBase, othersDemand } = series.record;
  return (
    alone * ((undiscounted[age]! + othersBase[age]!) / (alone + othersDemand[age]!)) ** series.competition
  );
}

/**
 * Tells each of the articles that compete what the others sell at: needed before their demand is asked for.
 * @param rivals series of one group and market
 * @param ageOf the week of each one's life; negative when it is not on sale
 * @param levelOf the level that each gives in it
 */
export function meetRivals<Series extends SimulatedSeries>(
  rivals: readonly Series[],
  ageOf: (series: Series) => number,
  levelOf: (series: Series, age: number) => number,
): void {
  let [base, demand] = [0, 0];
  for (const series of rivals) {
    const age = ageOf(series);
    if (age < 0) continue;
    base += series.record.undiscounted[age]!;
    demand += demandAlone(series, age, levelOf(series, age));
  }
  for (const series of rivals) {
    const age = ageOf(series);
    if (age < 0) continue;
    const { undiscounted, othersBase, othersDemand } = series.record;
    // Differences of sums may fall below 0 by rounding where there is no other.
    othersBase[age] = Math.max(0, base - undiscounted[age]!);
    othersDemand[age] = Math.max(0, demand - demandAlone(series, age, levelOf(series, age)));
  }
}
