/**
 * How far a feature looks back that counts from the cutoff: all weeks of the horizon see the same.
 * @param lag weeks before the first week after the cutoff
 * @returns the shift for a lead time
 */
export function fromCutoff(lag: number): (leadTime: number) => number {
  return (leadTime) => lag + leadTime - 1;
}

/**
 * How far a feature looks back that counts in seasons: the newest known week of the same season.
 * @param seasonWeeks weeks of a season
 * @returns the shift for a lead time
 */
export function fromSeason(seasonWeeks: number): (leadTime: number) => number {
  return (leadTime) => seasonWeeks * Math.ceil(leadTime / seasonWeeks);
}
