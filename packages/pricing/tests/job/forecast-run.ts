import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addWeeks, Batch, columnOnDisk, weeksAhead } from '@hemline/core';
import type { JobProcess } from '@hemline/runtime';
import { localSettings, processingRequest } from '@hemline/sagemaker/requests';
import { fabricateProcessingRoot, LocalBuckets, ONE_HOST, type RootHosts } from '@hemline/sagemaker/run';
import { OutputCommit, writeParquetFile } from '@hemline/stores';
import { CUTOFF, LEVELS, rows } from '../inputs/small-market.ts';

export const RUN = 'weekly-1';

/** A run with forecasts to price. */
export interface ForecastRun {
  readonly data: string;
  /** Folder of the set. */
  readonly forecasts: string;
}

type Row = Record<string, string | number | null>;

const MARKETS = ['DE', 'PL'];

/** Articles whose demand answers to discounts unlike each other's, with stock that is short of some. */
function articles(count: number): { article: string; reacts: number; stock: number }[] {
  return Array.from({ length: count }, (_, a) => ({
    article: `A${String(a).padStart(3, '0')}`,
    reacts: 0.5 + (a % 7),
    stock: 20 + 15 * (a % 5),
  }));
}

/**
 * Writes a dataset and forecasts of its demand by two models, of which the second errs less; and by a third one, which says the same at every discount,
 * where its error is given.
 */
export async function forecastRun(
  folder: string,
  count = 12,
  flatError: number | null = null,
): Promise<ForecastRun> {
  const [data, forecasts] = [join(folder, 'data'), join(folder, 'forecasts', RUN)];
  const keys = articles(count).flatMap((each) => MARKETS.map((market) => ({ ...each, market })));
  const weekly = keys.flatMap(({ article, market, stock }) =>
    [-1, 0, 1, 2, 3, 4].map((w): Row => ({
      ...{ article, market, week: addWeeks(CUTOFF, w), blackPrice: 119, demand: w > 0 ? null : 4 },
      ...{ discount: w > 0 ? null : 0.2, sales: w > 0 ? null : 4, stock: w > 0 ? null : stock },
    })),
  );
  mkdirSync(data, { recursive: true });
  const table = (name: string, list: readonly Row[]) =>
    writeParquetFile(join(data, `${name}.parquet`), [onDisk(rows(list))]);
  await table('weekly', weekly);
  await table(
    'articles',
    articles(count).map(({ article }) => ({ article, group: 'shoes' })),
  );
  await table(
    'markets',
    MARKETS.map((market) => ({ market, region: 'west' })),
  );
  writeFileSync(join(data, 'dataset.json'), JSON.stringify({ name: 'small' }));
  for (const [model, level, slope] of [
    ['guess', 50, 1],
    ['good', 8, 1],
    ...(flatError === null ? [] : [['flat', 4, 0] as const]),
  ] as const) {
    const demand = keys.flatMap(({ article, market, reacts }) =>
      [...weeksAhead(CUTOFF, 4)].flatMap((week) =>
        [...LEVELS].map((discount): Row => ({
          article,
          market,
          week,
          discount,
          demand: level * (1 + slope * reacts * discount),
        })),
      ),
    );
    const commit = await OutputCommit.open(join(forecasts, model), {
      ...{ model, modelVersion: 1, trainingFingerprint: 't', codeVersion: 'c', runId: RUN },
    });
    const [first] = [rows(demand)];
    await commit.commitPartition(
      { name: 'all', folder: '', stem: 'forecast', inputHash: 'a'.repeat(64) },
      (async function* () {
        yield first!;
      })(),
      first!.schema,
    );
    await commit.finish();
  }
  const set = {
    run: RUN,
    dataset: { name: 'small', fingerprint: 'f'.repeat(64), lastWeek: '2026-01-05' },
    parameters: { discounts: '0,0.2,0.4', horizon: '4' },
    models: [
      { model: 'guess', quantity: 'demand', folder: `s3://bucket/forecasts/${RUN}/guess/`, error: 0.9 },
      { model: 'good', quantity: 'demand', folder: `s3://bucket/forecasts/${RUN}/good/`, error: 0.2 },
      { model: 'none', quantity: 'return-rate', folder: null, error: null },
      ...(flatError === null
        ? []
        : [
            {
              ...{ model: 'flat', quantity: 'demand', error: flatError },
              folder: `s3://bucket/forecasts/${RUN}/flat/`,
            },
          ]),
    ],
  };
  writeFileSync(join(forecasts, 'manifest.json'), JSON.stringify(set));
  writeFileSync(join(forecasts, '_SUCCESS'), '');
  return { data, forecasts };
}

function onDisk(batch: Batch): Batch {
  return new Batch(new Map([...batch.columns].map(([name, column]) => [columnOnDisk(name), column])));
}

/** Lays out the root of a job that prices the run, of one host of several. @returns its environment */
export function optimiseRoot(
  root: string,
  { data }: ForecastRun,
  hosts: RootHosts = ONE_HOST,
): Record<string, string> {
  const uri = pathToFileURL(data).href;
  const request = processingRequest({
    ...localSettings('optimise', 'pricing'),
    ...{ entrypoint: ['optimise'], arguments: [], inputs: [{ name: 'dataset', uri }] },
    outputs: [{ name: 'recommendations', uri: pathToFileURL(join(root, 'left')).href }],
  });
  fabricateProcessingRoot(root, request, hosts, new LocalBuckets());
  return {
    ...{ SAGEMAKER_BASE_DIR: root, HEMLINE_RUN_ID: RUN, HEMLINE_VALIDATE: 'never' },
    HEMLINE_CODE_VERSION: 'test',
  };
}

/** What a job in this process takes, and what it tells. */
export function quietJob(environment: Record<string, string>): JobProcess & { readonly told: string[] } {
  const told: string[] = [];
  const tell = (message: string): void => void told.push(message);
  return {
    ...{ environment, told, signal: new AbortController().signal },
    telemetry: {
      ...{ info: tell, warn: tell, error: tell, progress: () => undefined, close: () => undefined },
      metric: (name, value) => tell(`${name}=${value}`),
    },
  };
}

/** Contents of all files of an output, by path; what a killed writer has left unfinished is hidden, and no part of it. */
export function contentsOf(folder: string, below = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(folder, below))
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => {
        const path = join(below, name);
        return statSync(join(folder, path)).isDirectory()
          ? Object.entries(contentsOf(folder, path))
          : [[path, readFileSync(join(folder, path), 'latin1')] as const];
      }),
  );
}
