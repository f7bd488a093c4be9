import type { Verdict } from '../harness/contestant.ts';
import { LAST_VALUE } from './our-models.ts';
import { MARKETS, RETAIL_DATA } from './suite-data.ts';
import type { DataMean } from './data-mean.ts';
import type { Shares } from './window-score.ts';

/** What is judged. */
export interface Judged {
  /** The model that users get, which limits are for. */
  readonly subject: string;
  /** Whether these are the announced windows, for which there are limits of the error itself. */
  readonly isAnnounced: boolean;
}

/** Most of the best LightGBM's error on public data, and of the best member's anywhere. */
const [RETAIL_SHARE, MEMBER_SHARE] = [0.97, 1.01];
/** Most of the errors of monotone LightGBM and of the last value on simulated markets. */
const [MARKET_SHARE, NAIVE_SHARE] = [0.7, 0.5];
/** Parts of a market in which the share holds as well. */
const PARTS = 3;
const [LIFT_BIAS, LIFT_CORRELATION] = [0.05, 0.7];
/** How far shares of rows at or below a quantile may be off, in all and in any week ahead. */
const [OFF_IN_ALL, OFF_BY_WEEK] = [0.03, 0.06];

/**
 * Whether the model that users get keeps what is required of it.
 * @param means of all contestants on all data
 * @param results which model it is, and whether errors have limits of their own
 * @returns a verdict for each requirement that can be judged
 */
export function suiteVerdicts(means: readonly DataMean[], results: Judged): Verdict[] {
  return means
    .filter(({ contestant }) => contestant === results.subject)
    .flatMap((own) => [
      ...(results.isAnnounced ? announced(own) : []),
      ...(own.data === MARKETS.name ? ofMarkets(own, means) : ofRetail(own)),
      ...ofMembers(own),
      ...ofQuantiles(own),
    ]);
}

function most(requirement: string, value: number, limit: number): Verdict {
  return { requirement, value, limit, holds: value <= limit };
}

function announced({ data, error, bias }: DataMean): Verdict[] {
  const found = RETAIL_DATA.find(({ name }) => name === data);
  if (found === undefined) return [];
  return [
    most(`${data}: a mean error of at most`, error, found.limit),
    ...(found.biasLimit === undefined
      ? []
      : [most(`${data}: a mean bias, whatever its sign, of at most`, Math.abs(bias), found.biasLimit)]),
  ];
}

function ofRetail({ data, toPeer }: DataMean): Verdict[] {
  return toPeer === null
    ? []
    : [most(`${data}: error over that of ${toPeer.reference}, the best`, toPeer.ratio, RETAIL_SHARE)];
}

function ofMembers({ data, toMember }: DataMean): Verdict[] {
  return toMember === null
    ? []
    : [
        most(
          `${data}: error over that of ${toMember.reference}, the best of ours`,
          toMember.ratio,
          MEMBER_SHARE,
        ),
      ];
}

function ofMarkets(own: DataMean, means: readonly DataMean[]): Verdict[] {
  const others = means.filter(({ data }) => data === own.data);
  const peer = others
    .filter(({ kind, isMonotone }) => kind === 'peer' && isMonotone)
    .toSorted((a, b) => a.error - b.error)[0];
  const naive = others.find(({ contestant }) => contestant === LAST_VALUE);
  const parts = Object.keys(own.parts ?? {}).slice(0, PARTS);
  const lift = own.lift;
  return [
    ...(peer === undefined
      ? []
      : [
          most(`${own.data}: error over that of ${peer.contestant}`, own.error / peer.error, MARKET_SHARE),
          ...parts.map((part) =>
            most(
              `${own.data}, ${part}: error over that of ${peer.contestant}`,
              own.parts![part]!.error / peer.parts![part]!.error,
              MARKET_SHARE,
            ),
          ),
        ]),
    ...(naive === undefined
      ? []
      : [most(`${own.data}: error over that of the last value`, own.error / naive.error, NAIVE_SHARE)]),
    ...(lift === null
      ? []
      : [
          most(
            `${own.data}: bias of the lift, whatever its sign, of at most`,
            Math.abs(lift.bias),
            LIFT_BIAS,
          ),
          {
            requirement: `${own.data}: correlation of the lift with the true one of at least`,
            ...{
              value: lift.correlation,
              limit: LIFT_CORRELATION,
              holds: lift.correlation >= LIFT_CORRELATION,
            },
          },
        ]),
  ];
}

function ofQuantiles({ data, coverage }: DataMean): Verdict[] {
  if (coverage === null) return [];
  return [
    most(`${data}: quantiles are off by at most`, largestOff([coverage.all]), OFF_IN_ALL),
    most(`${data}: quantiles are off in any week ahead by at most`, largestOff(coverage.byWeek), OFF_BY_WEEK),
  ];
}

/**
 * @param shares of rows at or below quantiles, in several parts
 * @returns how far the worst is from what it should be
 */
export function largestOff(shares: readonly Shares[]): number {
  return Math.max(
    ...shares.flatMap((each) =>
      Object.entries(each).map(([percent, share]) => Math.abs(share - Number(percent) / 100)),
    ),
  );
}
