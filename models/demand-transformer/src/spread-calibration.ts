import { CURVE_SLOPES, demandQuantile, QUANTILES, reachOf } from '@hemline/features';
import { OUTPUT_WIDTH, type FittedNetwork } from './fitted-network.ts';
import type { HeldOutWindows } from './held-out-windows.ts';
import { cutParts, forKnownAhead, NETWORK_INPUTS } from './window-parts.ts';

/** Factors that are tried: a fifth to five times the dispersion. */
const FACTORS = Array.from({ length: 33 }, (_, i) => 5 ** ((i - 16) / 16));
/** Rows that weigh as much as what is found over all weeks ahead: those of a week move together. */
const PRIOR_ROWS = 500;
/** What the log of a dispersion is confined to, as the loss confines it. */
const [LEAST_LOG, MOST_LOG] = [-6, 4];

/** A held-out week: what was forecast of it, and what came. */
interface HeldOutWeek {
  /** Weeks ahead, from 0 on. */
  readonly ahead: number;
  readonly mean: number;
  readonly dispersion: number;
  readonly demand: number;
}

/**
 * @param log of a dispersion, as the network gives it
 * @returns variance of demand over its squared mean
 */
export function dispersionOf(log: number): number {
  return Math.exp(Math.max(LEAST_LOG, Math.min(MOST_LOG, log)));
}

/**
 * By how much dispersions are to be multiplied so that quantiles hold what they say in held-out weeks: a factor for each week ahead,
 * that whose shares are nearest, weeks of few rows held to the factor of all.
 * @param network that has not learnt from them
 * @param looks windows that look at them
 * @param batchSize windows that the network is asked about at once
 * @returns factors by week ahead
 */
export function spreadFactors(
  network: Pick<FittedNetwork, 'call'>,
  looks: HeldOutWindows,
  batchSize: number,
): number[] {
  const { horizon } = looks.windows.shape;
  const rows = heldOutWeeks(network, looks, batchSize);
  const overall = Math.log(bestFactor(rows));
  return Array.from({ length: horizon }, (_, ahead) => {
    // A week and those beside it: single weeks have moods of their own.
    const near = rows.filter((row) => Math.abs(row.ahead - ahead) <= 1);
    const own = Math.log(bestFactor(near));
    return Math.exp((near.length * own + PRIOR_ROWS * overall) / (near.length + PRIOR_ROWS));
  });
}

/** The factor whose quantiles hold most nearly what they say; 1 without rows. */
function bestFactor(rows: readonly HeldOutWeek[]): number {
  let [best, least] = [1, Infinity];
  if (rows.length === 0) return best;
  for (const factor of FACTORS) {
    let distance = 0;
    for (const { share } of QUANTILES) {
      const below = rows.filter(
        ({ mean, dispersion, demand }) => demand <= demandQuantile(mean, factor * dispersion, share),
      ).length;
      distance += (below / rows.length - share) ** 2;
    }
    if (distance < least) [best, least] = [factor, distance];
  }
  return best;
}

function heldOutWeeks(
  network: Pick<FittedNetwork, 'call'>,
  { windows, series, rows, cutoff }: HeldOutWindows,
  batchSize: number,
): HeldOutWeek[] {
  const { blackPrice, discount, imputed, logDemand, weeks } = windows.store;
  const { horizon } = windows.shape;
  const found: HeldOutWeek[] = [];
  for (let start = 0; start < series.length; start += batchSize) {
    const some = series.subarray(start, start + batchSize);
    const last = rows.subarray(start, start + batchSize);
    const output = network.call(cutParts(windows, NETWORK_INPUTS, some, last, batchSize));
    some.forEach((one, i) => {
      const level = windows.levelOf(one, last[i]!);
      forKnownAhead(windows, { series: one, last: last[i]!, level }, (row, ahead) => {
        if (weeks[row]! <= cutoff || imputed[row] === 1 || !(blackPrice[row]! > 0)) return;
        const at = (i * horizon + ahead) * OUTPUT_WIDTH;
        const [position, depth] = [windows.positionOf(level, row), -Math.log1p(-discount[row]!)];
        let log = level.level + output[at]!;
        for (let k = 0; k < CURVE_SLOPES; k++) log += output[at + 1 + k]! * reachOf(position, depth, k);
        found.push({
          ahead,
          mean: Math.exp(log),
          dispersion: dispersionOf(output[at + 1 + CURVE_SLOPES]!),
          demand: Math.expm1(logDemand[row]!),
        });
      });
    });
  }
  return found;
}
