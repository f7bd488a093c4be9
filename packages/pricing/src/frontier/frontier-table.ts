import {
  Batch,
  boolColumn,
  int32Column,
  schemaOf,
  stringsToColumn,
  type Float64Column,
  type Schema,
} from '@hemline/core';
import { nullable } from '../recommendations/nullable.ts';
import type { Frontier, FrontierPoint } from './trace-frontier.ts';

const amount = (name: string, description: string) =>
  ({ name, type: 'float64', description, nullable: true }) as const;

/** A row for each point of a frontier. */
export const FRONTIER_SCHEMA: Schema = schemaOf(
  { name: 'limit', type: 'string', description: 'its name' },
  { name: 'measure', type: 'string' },
  { name: 'side', type: 'string', description: 'at most or at least the bound; free: without the limit' },
  amount('bound', 'that was set; null of the point without the limit'),
  {
    name: 'isLimit',
    type: 'bool',
    description: 'whether the file of limits states this bound, and it binds',
  },
  {
    name: 'isFeasible',
    type: 'bool',
    description: 'whether plans were found that keep the bound and all other limits without a price',
  },
  amount('value', 'what the plans come to; where none keeps the bound, of those that come nearest'),
  amount('profit', 'planned; null where no plan keeps the bound'),
  amount('profitBound', 'no plans earn more: a minimum gain and prices of other limits count as costs'),
  amount('gap', 'what the plans may miss of it'),
  amount('worthOfOne', 'what one unit more of the bound would earn; of a discount rate, one point'),
  amount('unitsSold', 'in all weeks and markets'),
  amount('unitsLeft', 'at the end'),
  { name: 'evaluations', type: 'int32', description: 'of all articles, that the point took' },
);

/**
 * @param frontier of a limit
 * @returns a row for each point, as {@link FRONTIER_SCHEMA} has it
 */
export function frontierTable({ limit, points }: Frontier): Batch {
  const numbers = (pick: (point: FrontierPoint) => number | null): Float64Column =>
    nullable(Float64Array.from(points, (point) => pick(point) ?? NaN));
  return new Batch({
    limit: stringsToColumn(points.map(() => limit.name)),
    measure: stringsToColumn(points.map(() => limit.limit)),
    side: stringsToColumn(points.map(({ side }) => side)),
    bound: numbers(({ bound }) => bound),
    isLimit: boolColumn(Uint8Array.from(points, ({ isLimit }) => Number(isLimit))),
    isFeasible: boolColumn(Uint8Array.from(points, ({ isFeasible }) => Number(isFeasible))),
    value: numbers(({ value }) => value),
    profit: numbers(({ profit }) => profit),
    profitBound: numbers(({ profitBound }) => profitBound),
    gap: numbers(({ gap }) => gap),
    worthOfOne: numbers(({ worthOfOne }) => worthOfOne),
    unitsSold: numbers(({ unitsSold }) => unitsSold),
    unitsLeft: numbers(({ unitsLeft }) => unitsLeft),
    evaluations: int32Column(Int32Array.from(points, ({ evaluations }) => evaluations)),
  });
}
