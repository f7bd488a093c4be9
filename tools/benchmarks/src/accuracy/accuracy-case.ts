import type { Comparison, Verdict } from '../harness/contestant.ts';

/** What an accuracy case is asked. */
export interface AccuracyOptions {
  /** Names of the data; null: all there are. */
  readonly data: readonly string[] | null;
  /** Last known weeks of the backtests, as dates; null: the case's own. */
  readonly cutoffs: readonly string[] | null;
  readonly seeds: readonly number[];
  /** Articles of simulated data; null: its default. */
  readonly articles: number | null;
  /** Seed of simulated data: which market there is, not how it is learnt. */
  readonly marketSeed: number;
  /** Further arguments of our model's training: `--set name=value`, `--preset name`. */
  readonly training: readonly string[];
  readonly onRun: (name: string) => void;
}

/** Error and bias of a forecaster on some rows. */
export interface Accuracy {
  readonly error: number;
  readonly bias: number;
}

/** How good one forecaster is, by part of the data; the means over seeds where it has several. */
export interface Forecaster {
  readonly name: string;
  readonly scores: Readonly<Record<string, Accuracy>>;
  /** Error of each seed, by part, where there are several. */
  readonly seeds?: Readonly<Record<string, readonly number[]>>;
  /** Training and forecasting, all seeds together. */
  readonly seconds: number;
}

/** Forecasters of the same weeks, side by side. */
export interface AccuracyTable {
  readonly title: string;
  readonly forecasters: readonly Forecaster[];
  readonly skipped: Comparison['skipped'];
  /** Name of the forecaster that ratios are taken against. */
  readonly reference: string;
  readonly verdicts: readonly Verdict[];
}

/** A named benchmark of how good forecasts are. */
export interface AccuracyCase {
  readonly name: string;
  readonly description: string;
  score(options: AccuracyOptions): Promise<readonly AccuracyTable[]>;
}

/**
 * Averages scores of several seeds.
 * @param runs scores by part, one for each seed
 * @returns means, and the errors of each seed
 */
export function overSeeds(
  runs: readonly Readonly<Record<string, Accuracy>>[],
): Pick<Forecaster, 'scores' | 'seeds'> {
  const parts = Object.keys(runs[0]!);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const scores = Object.fromEntries(
    parts.map((part) => [
      part,
      {
        error: mean(runs.map((run) => run[part]!.error)),
        bias: mean(runs.map((run) => run[part]!.bias)),
      },
    ]),
  );
  if (runs.length === 1) return { scores };
  return {
    scores,
    seeds: Object.fromEntries(parts.map((part) => [part, runs.map((run) => run[part]!.error)])),
  };
}

/**
 * A table for people.
 * @param table of a case
 * @returns errors, biases, ratios, and what is required of them
 */
export function formatAccuracy(table: AccuracyTable): string {
  const { forecasters, reference } = table;
  const parts = Object.keys(forecasters[0]!.scores);
  const peer = forecasters.find(({ name }) => name === reference);
  const cellsOf = ({ name, scores, seconds }: Forecaster): string[] => [
    name,
    ...parts.map((part) => {
      const { error, bias } = scores[part]!;
      const ratio =
        peer === undefined || name === reference ? '' : ` ×${(error / peer.scores[part]!.error).toFixed(2)}`;
      return `${error.toFixed(3)} (${bias >= 0 ? '+' : ''}${bias.toFixed(2)})${ratio}`;
    }),
    `${seconds.toFixed(0)} s`,
  ];
  const columns = [['', ...parts, 'time'], ...forecasters.map(cellsOf)];
  const rows = columns[0]!.map((_, row) => columns.map((column) => column[row]!));
  const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
  return [
    `${table.title}: error (bias)${peer === undefined ? '' : `, × ${reference}`}`,
    ...rows.map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    ),
    ...table.skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`),
    ...table.verdicts.map(
      ({ requirement, value, limit, holds }) =>
        `${holds ? 'holds' : 'FALLS SHORT'}: ${requirement} (${value.toFixed(3)}, limit ${limit})`,
    ),
  ].join('\n');
}
