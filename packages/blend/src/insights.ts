import { Batch, float64Column, stringsToColumn } from '@hemline/core';
import type { BlendPart } from './part.ts';
import type { LeftOut } from './training/train-parts.ts';
import type { LearntWeights } from './weights/learn-weights.ts';
import { SEGMENTS } from './weights/segments.ts';

/**
 * What a blend has learnt, for people: `blendParts`, a row for each part with its error on the weeks held out and its weight over all,
 * or why it is not there, and the blend's own row; `blendWeights`, the weights of each segment.
 * @param parts in the order of the weights
 * @param learnt weights and errors
 * @param leftOut parts that are not there
 * @returns tables by name
 */
export function blendInsights(
  parts: readonly BlendPart[],
  learnt: LearntWeights,
  leftOut: readonly LeftOut[],
): Readonly<Record<string, Batch>> {
  const rows = [
    ...parts.map(({ name, member }, i) => ({
      ...{ part: name, member, state: 'blended' },
      ...{ heldOutError: learnt.memberErrors[i]!, weight: learnt.pooled[i]! },
    })),
    ...leftOut.map(({ part: { name, member }, reason }) => ({
      ...{ part: name, member, state: `left out: ${reason}` },
      ...{ heldOutError: NaN, weight: 0 },
    })),
    { part: 'all', member: 'the blend', state: 'blended', heldOutError: learnt.blendError, weight: 1 },
  ];
  const segments = SEGMENTS.flatMap(({ name }, segment) =>
    parts.map((part, i) => ({
      ...{ segment: name, rows: learnt.rows[segment]!, part: part.name },
      weight: learnt.bySegment[segment]![i]!,
    })),
  );
  return {
    blendParts: new Batch({
      part: stringsToColumn(rows.map(({ part }) => part)),
      member: stringsToColumn(rows.map(({ member }) => member)),
      heldOutError: float64Column(Float64Array.from(rows, (row) => row.heldOutError)),
      weight: float64Column(Float64Array.from(rows, ({ weight }) => weight)),
      state: stringsToColumn(rows.map(({ state }) => state)),
    }),
    blendWeights: new Batch({
      segment: stringsToColumn(segments.map(({ segment }) => segment)),
      rows: float64Column(Float64Array.from(segments, (row) => row.rows)),
      part: stringsToColumn(segments.map(({ part }) => part)),
      weight: float64Column(Float64Array.from(segments, ({ weight }) => weight)),
    }),
  };
}
