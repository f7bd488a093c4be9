import type { QuantityName } from '@hemline/core';
import type { SegmentRow } from '@hemline/evaluation';
import { seriesColor } from '../chart/palette.ts';
import type { Evaluation, ReportSource } from '../source/report-source.ts';
import type { MetricLimit } from '../source/version-facts.ts';
import { WORDS } from './quantity-words.ts';

/** Something whose scores are compared: a model of the run, or the version that was approved before. */
export interface Contender {
  readonly label: string;
  readonly color: string;
  readonly evaluation: Evaluation;
  /** Its weeks are those of an earlier run. */
  readonly isChampion: boolean;
  /** What a version of the model must reach. */
  readonly limits: readonly MetricLimit[];
}

/**
 * Who forecasts a quantity, the best of this run first, then the champions, each of whom was scored on weeks of its own.
 * @param source of the report
 * @param quantity forecast
 * @returns the contenders with their colours
 */
export function contendersOf({ models }: ReportSource, quantity: QuantityName): Contender[] {
  const { metric } = WORDS[quantity];
  const error = ({ metrics }: Evaluation): number => metrics[metric] ?? Infinity;
  const own = models.filter((each) => each.quantity === quantity && each.evaluation !== null);
  const sorted = own.toSorted((a, b) => error(a.evaluation!) - error(b.evaluation!));
  const best = sorted[0];
  const champion = best?.champion?.evaluation ?? null;
  return [
    ...sorted.map(({ model, evaluation, limits }) => ({
      ...{ label: model, evaluation: evaluation!, isChampion: false, limits },
    })),
    ...(champion === null
      ? []
      : [
          {
            label: `champion: ${best!.model} version ${best!.champion!.version}`,
            evaluation: champion,
            isChampion: true,
            limits: best!.limits,
          },
        ]),
  ].map((contender, i) => ({ ...contender, color: seriesColor(i) }));
}

/** A part of the rows with a metric of each contender. */
export interface SegmentPoint {
  readonly value: string;
  readonly position: number;
  readonly contender: Contender;
  readonly result: number;
  readonly rows: number;
}

/**
 * @param contenders with segments
 * @param dimension of the segments
 * @param metric wanted
 * @returns points where the metric could be computed, in the order of the parts
 */
export function segmentPoints(
  contenders: readonly Contender[],
  dimension: string,
  metric: string,
): SegmentPoint[] {
  const isWanted = (row: SegmentRow): boolean => row.dimension === dimension && row.metric === metric;
  return contenders
    .flatMap((contender) =>
      contender.evaluation.segments
        .filter(isWanted)
        .flatMap(({ value, position, result, rows }) =>
          result === null ? [] : [{ value, position, contender, result, rows }],
        ),
    )
    .sort((a, b) => a.position - b.position);
}
