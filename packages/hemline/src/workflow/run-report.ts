import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QuantityName } from '@hemline/core';
import { SUMMARY_FILE, type PricingSummary } from '@hemline/pricing/job';
import type { ModelFacts, Scores, Summary } from '@hemline/workflow';
import type { LocalRunResult } from '@hemline/workflow/local';

/** What came of one model. */
export interface ModelReport {
  readonly model: string;
  readonly quantity: QuantityName;
  /** Scores on weeks that the model had not seen; null when there are none. */
  readonly evaluation: Scores | null;
  /** Scores at each cutoff of a backtest. */
  readonly backtest?: readonly Scores[];
  /** Version that this run registered. */
  readonly registered: { readonly version: number | null; readonly status: string | null } | null;
  readonly forecast: {
    readonly directory: string;
    readonly files: number;
    readonly rows: number;
    readonly bytes: number;
  } | null;
  readonly forecastBy: {
    readonly run: string;
    readonly cutoff: string;
    readonly version: number;
    readonly artifact: string;
  } | null;
  /** The version that was to forecast and failed: `forecastBy` stood in for it. */
  readonly insteadOf: {
    readonly version: number;
    readonly reason: string;
    /** Whether it lost its approval. */
    readonly rejected: boolean;
  } | null;
  readonly problems: readonly string[];
}

/** What the prices of a run come to, and where they are. */
export interface RecommendationsReport extends PricingSummary {
  readonly directory: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What a run of a workflow came to. */
export interface RunReport {
  readonly run: string;
  readonly workflow: string;
  readonly status: 'complete' | 'fallback' | 'incomplete';
  readonly directory: string;
  /** File with everything about the run. */
  readonly record: string;
  /** Page for people; null where it could not be written. */
  readonly page: string | null;
  readonly resumed: boolean;
  readonly data: {
    readonly name: string;
    readonly directory: string;
    readonly fingerprint: string;
    readonly lastWeek: string | null;
  };
  readonly seconds: number;
  readonly models: readonly ModelReport[];
  /** Null: the workflow does not price, or there is nothing to recommend. */
  readonly recommendations: RecommendationsReport | null;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Puts a run's result together for the person who started it.
 * @param result of the run
 * @param facts what is known besides
 * @returns the report
 */
export async function reportOf(
  result: LocalRunResult,
  facts: {
    readonly workflow: string;
    readonly record: string;
    readonly data: RunReport['data'];
    readonly catalog: readonly ModelFacts[];
    readonly models: readonly string[];
    readonly seconds: number;
    pathOf(uri: string): string;
  },
): Promise<RunReport> {
  const { summary, error } = result;
  return {
    run: result.run,
    workflow: facts.workflow,
    status: summary?.status ?? 'incomplete',
    directory: result.folder,
    record: facts.record,
    page: null,
    resumed: result.resumed,
    data: { ...facts.data, lastWeek: summary?.dataset?.lastWeek ?? null },
    seconds: facts.seconds,
    models: facts.models.map((model) => {
      const found = summary?.models.find((each) => each.model === model);
      const { quantity } = facts.catalog.find(({ name }) => name === model)!;
      const forecast = found?.forecast ?? null;
      return {
        model,
        quantity,
        evaluation: found?.scores ?? null,
        ...(found?.backtest === undefined ? {} : { backtest: found.backtest }),
        registered: found?.registered ?? null,
        forecast:
          forecast === null
            ? null
            : {
                directory: facts.pathOf(forecast.folder),
                files: forecast.files,
                rows: forecast.rows,
                bytes: forecast.bytes,
              },
        forecastBy: found?.forecastBy ?? null,
        insteadOf: found?.insteadOf ?? null,
        problems: found?.problems ?? [],
      };
    }),
    recommendations: await recommendationsOf(summary?.recommendations ?? null, facts),
    problems: [
      ...(summary?.problems ?? []),
      ...(summary === null && error !== null ? [`${error.name}: ${error.cause}`] : []),
    ],
    warnings: summary?.warnings ?? [],
  };
}

async function recommendationsOf(
  found: Summary['recommendations'],
  { pathOf }: { pathOf(uri: string): string },
): Promise<RecommendationsReport | null> {
  if (found === null) return null;
  const { folder, files, rows, bytes } = found;
  const directory = pathOf(folder);
  const summary = JSON.parse(await readFile(join(directory, SUMMARY_FILE), 'utf8')) as PricingSummary;
  return { ...summary, directory, files, rows, bytes };
}

/**
 * @param uri `file:` URI or a path
 * @returns the path
 */
export function pathOfUri(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}
