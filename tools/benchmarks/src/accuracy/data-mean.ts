import type { Scores } from './forecast-scores.ts';
import type { LevelLift } from './lift-scores.ts';
import { pairedDifference, type PairedDifference } from './paired-difference.ts';
import { meanOf, type Shares, type WindowCoverage, type WindowScore } from './window-score.ts';

/** A forecaster's scores on all windows of some data. */
export interface DataMean {
  /** Of the markets: all of them together. */
  readonly data: string;
  readonly contestant: string;
  readonly kind: WindowScore['kind'];
  readonly isMonotone: boolean;
  readonly error: number;
  readonly bias: number;
  /** Beside the best LightGBM. */
  readonly toPeer: PairedDifference | null;
  /** Of the model that users get: beside the best of our others. */
  readonly toMember: PairedDifference | null;
  readonly coverage: WindowCoverage | null;
  readonly parts: Readonly<Record<string, Pick<Scores, 'error' | 'bias'>>> | null;
  readonly lift: {
    readonly bias: number;
    readonly correlation: number;
    readonly levels: readonly LevelLift[];
  } | null;
}

/**
 * Sums up scores on some data.
 * @param data its name
 * @param scores of all contestants on all its windows
 * @param subject the model that users get
 * @returns a line for each contestant, in their order
 */
export function dataMeans(data: string, scores: readonly WindowScore[], subject: string): DataMean[] {
  const contestants = [...Map.groupBy(scores, ({ contestant }) => contestant).values()];
  const best = (of: (score: WindowScore) => boolean): readonly WindowScore[] | null =>
    contestants.filter(([first]) => of(first!)).toSorted((a, b) => meanError(a) - meanError(b))[0] ?? null;
  const peer = best(({ kind }) => kind === 'peer');
  const member = best(({ kind, contestant }) => kind === 'model' && contestant !== subject);
  return contestants.map((own): DataMean => {
    const { contestant, kind, isMonotone } = own[0]!;
    const lifts = own.flatMap(({ lift }) => lift ?? []);
    return {
      ...{
        data,
        contestant,
        kind,
        isMonotone,
        error: meanError(own),
        bias: meanOf(own.map(({ bias }) => bias)),
      },
      toPeer: peer === null || peer === own ? null : pairedDifference(own, peer),
      toMember: member === null || contestant !== subject ? null : pairedDifference(own, member),
      coverage: meanCoverage(own.flatMap(({ coverage }) => coverage ?? [])),
      parts: meanParts(own.map(({ parts }) => parts).filter((parts) => parts !== null)),
      lift: lifts.length === 0 ? null : meanLift(lifts),
    };
  });
}

/** Of each window the same, however many seeds it has. */
function meanError(scores: readonly WindowScore[]): number {
  return meanOf(
    [...Map.groupBy(scores, ({ data, cutoff }) => `${data} ${cutoff}`).values()].map((own) =>
      meanOf(own.map(({ error }) => error)),
    ),
  );
}

function meanCoverage(found: readonly WindowCoverage[]): WindowCoverage | null {
  if (found.length === 0) return null;
  const weeks = Math.max(...found.map(({ byWeek }) => byWeek.length));
  return {
    all: meanShares(found.map(({ all }) => all)),
    byWeek: Array.from({ length: weeks }, (_, week) =>
      meanShares(found.map(({ byWeek }) => byWeek[week]).filter((shares) => shares !== undefined)),
    ),
  };
}

function meanShares(found: readonly Shares[]): Shares {
  return Object.fromEntries(
    Object.keys(found[0]!).map((percent) => [percent, meanOf(found.map((shares) => shares[percent]!))]),
  );
}

function meanParts(found: readonly NonNullable<WindowScore['parts']>[]): DataMean['parts'] {
  if (found.length === 0) return null;
  const mean = (name: string, what: 'error' | 'bias'): number =>
    meanOf(found.map((parts) => parts[name]![what]));
  return Object.fromEntries(
    Object.keys(found[0]!).map((name) => [name, { error: mean(name, 'error'), bias: mean(name, 'bias') }]),
  );
}

function meanLift(found: readonly NonNullable<WindowScore['lift']>[]): DataMean['lift'] {
  return {
    bias: meanOf(found.map(({ bias }) => bias)),
    correlation: meanOf(found.map(({ correlation }) => correlation)),
    levels: found[0]!.levels.map(({ discount }, at) => ({
      discount,
      lift: meanOf(found.map(({ levels }) => levels[at]!.lift)),
      trueLift: meanOf(found.map(({ levels }) => levels[at]!.trueLift)),
      correlation: meanOf(found.map(({ levels }) => levels[at]!.correlation)),
    })),
  };
}
