import type { MetricLimit } from '../source/version-facts.ts';
import { metricWords } from './metric-words.ts';

/** A value against its limit. */
export interface MetricMark {
  readonly kind: 'good' | 'warning' | 'bad';
  /** What is wrong, in a few words; empty where nothing is. */
  readonly text: string;
}

/** A coverage that is off by less is not told of. */
const NOTABLE = 0.05;
/** Standard deviations of chance that are allowed. */
const DEVIATIONS = 2;

/** What a mark is made from. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly rows: number;
  readonly limits: readonly MetricLimit[];
  /** @returns metrics of another model on the same weeks; null where there are none */
  readonly metricsOf: (model: string) => Readonly<Record<string, number | null>> | null;
}

/**
 * @param name of a metric
 * @param measured its value with the limits that hold for it
 * @returns the mark; null where there is no limit, or no value
 */
export function metricMark(name: string, measured: Measured): MetricMark | null {
  const value = measured.metrics[name] ?? null;
  const { ideal, show } = metricWords(name);
  const limits = measured.limits.filter(({ metric }) => metric === name);
  if (value === null || !Number.isFinite(value))
    return limits.length === 0 ? null : { kind: 'bad', text: 'could not be measured' };
  for (const { least = -Infinity, most = Infinity, below } of limits) {
    if (value > most) return { kind: 'bad', text: `above ${show(most)}` };
    if (value < least) return { kind: 'bad', text: `below ${show(least)}` };
    const bound = below === undefined ? null : boundOf(below, name, measured);
    if (bound !== null && value >= bound) return { kind: 'bad', text: `not below ${show(bound)}` };
  }
  if (ideal !== undefined && name.startsWith('coverage')) {
    const chance = Math.sqrt((ideal * (1 - ideal)) / Math.max(1, measured.rows));
    if (Math.abs(value - ideal) > Math.max(NOTABLE, DEVIATIONS * chance))
      return { kind: 'warning', text: `should be ${show(ideal)}` };
    return { kind: 'good', text: '' };
  }
  if (ideal !== undefined && value !== ideal) return { kind: 'bad', text: `should be ${show(ideal)}` };
  return limits.length === 0 && ideal === undefined ? null : { kind: 'good', text: '' };
}

/**
 * @param name of a metric
 * @param measured its value with the limits that hold for it
 * @returns what is required of it, each in words
 */
export function limitTexts(name: string, measured: Measured): string[] {
  const { show } = metricWords(name);
  return measured.limits
    .filter(({ metric }) => metric === name)
    .flatMap(({ least, most, below }) => {
      const bound = below === undefined ? null : boundOf(below, name, measured);
      return [
        ...(least !== undefined && most !== undefined ? [`${show(least)} to ${show(most)}`] : []),
        ...(least === undefined && most !== undefined ? [`at most ${show(most)}`] : []),
        ...(least !== undefined && most === undefined ? [`at least ${show(least)}`] : []),
        ...(below === undefined
          ? []
          : [
              bound === null
                ? `below ${show(below.factor)} times that of ${below.model}`
                : `below ${show(bound)}, ${show(below.factor)} times that of ${below.model}`,
            ]),
      ];
    });
}

function boundOf(
  { model, factor }: NonNullable<MetricLimit['below']>,
  name: string,
  { metricsOf }: Measured,
): number | null {
  const other = metricsOf(model)?.[name] ?? null;
  return other === null ? null : factor * other;
}
