import type { History } from './history.ts';

/** Cohorts of series: a cohort's row, and its series. */
export interface ChosenCohorts {
  readonly rows: Int32Array;
  readonly series: Int32Array;
}

/** How cohorts are chosen. */
export interface ChoiceOptions {
  /** Share of a cohort's returns that is in at its age: `width` values a series. */
  readonly maturity: Float64Array;
  readonly width: number;
  readonly validationShare: number;
  readonly maximumRows: number;
  readonly seed: number;
}

/** Cohorts of less than this maturity tell nothing worth their row. */
const LEAST_MATURITY = 0.02;
/** Until so many weeks have passed nothing is known of any group. */
const BURN_IN_WEEKS = 8;
/** What a series is chosen for. */
const [TRAINING, VALIDATION, NOTHING] = [0, 1, 2];

/**
 * Chooses cohorts, whole articles at a time.
 * @param history of all series
 * @param history.table cohorts
 * @param history.lastWeek weeks since the first one
 * @param options how they are chosen
 * @returns those to learn from, and those of other articles that tell when to stop
 */
export function chooseCohorts(
  { table, lastWeek }: Pick<History, 'table' | 'lastWeek'>,
  { maturity, width, maximumRows, validationShare, seed }: ChoiceOptions,
): Record<'training' | 'validation', ChosenCohorts> {
  const first = Math.min(BURN_IN_WEEKS, lastWeek >> 2);
  const isUsed = (series: number, row: number): boolean => {
    const age = Math.min(lastWeek - table.week[row]!, width - 1);
    return (
      table.units[row]! > 0 && table.week[row]! >= first && maturity[series * width + age]! >= LEAST_MATURITY
    );
  };
  const forUsed = (take: (series: number, row: number) => void): void => {
    for (let series = 0; series < table.series.length; series++)
      for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++)
        if (isUsed(series, row)) take(series, row);
  };
  let usable = 0;
  forUsed(() => usable++);
  const share = usable > maximumRows ? maximumRows / usable : 1;
  const purposes = Uint8Array.from(table.series, (key) => {
    const article = table.keys.text(key, 0)!;
    if (textHash(article, 1) >= share) return NOTHING;
    return textHash(article, 2 + seed) < validationShare ? VALIDATION : TRAINING;
  });
  const counts = new Uint32Array(3);
  forUsed((series) => counts[purposes[series]!]!++);
  const chosen = [TRAINING, VALIDATION].map((purpose) => ({
    rows: new Int32Array(counts[purpose]!),
    series: new Int32Array(counts[purpose]!),
  }));
  counts.fill(0);
  forUsed((series, row) => {
    const into = chosen[purposes[series]!];
    if (into === undefined) return;
    const at = counts[purposes[series]!]!++;
    into.rows[at] = row;
    into.series[at] = series;
  });
  return { training: chosen[TRAINING]!, validation: chosen[VALIDATION]! };
}

/**
 * A number in [0, 1) that depends on a text alone (FNV-1a, finished as in MurmurHash3): which articles are taken does not
 * depend on what else there is.
 */
function textHash(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
