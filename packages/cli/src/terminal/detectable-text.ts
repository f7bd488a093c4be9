import type { MonitoredSegment } from '@hemline/hemline';

/** What a test finds in half of the cases; null where it cannot judge. */
type Detectable = MonitoredSegment['detectable'];

/** A fall that leaves less than this is a fall to nothing; a rise beyond that, and more points than there are, do not happen. */
const [NOTHING_LEFT, MOST_TIMES, MOST_POINTS] = [0.005, 100, 1];

/**
 * @param detectable of a mean
 * @returns the fall that is found in half of the cases; null where even a fall to nothing is not, or nothing can be judged
 */
export function fallText(detectable: Detectable): string | null {
  if (detectable === null || detectable.fall > 1 - NOTHING_LEFT) return null;
  return `${(100 * detectable.fall).toFixed(0)} %`;
}

/**
 * @param detectable of a mean
 * @returns the rise that is found in half of the cases: in percent, or as a multiple from ten times on; null likewise
 */
export function riseText(detectable: Detectable): string | null {
  if (detectable === null || 1 + detectable.rise > MOST_TIMES) return null;
  return detectable.rise < 9
    ? `${(100 * detectable.rise).toFixed(0)} %`
    : `×${(1 + detectable.rise).toFixed(0)}`;
}

/**
 * @param detectable of a test
 * @param isMean whether of a mean, else of a share
 * @returns a cell: both directions; `none` where no change would be found
 */
export function detectableCell(detectable: Detectable, isMean: boolean): string {
  if (detectable === null) return '–';
  if (!isMean) {
    const points = Math.max(detectable.fall, detectable.rise);
    return points > MOST_POINTS ? 'none' : `±${(100 * points).toFixed(0)} points`;
  }
  const [fall, rise] = [fallText(detectable), riseText(detectable)];
  if (fall === null && rise === null) return 'none';
  return `${fall === null ? 'no fall' : `−${fall}`}, ${rise === null ? 'no rise' : rise.replace(/^(?=\d)/, '+')}`;
}
