import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addWeeks, DataError, parseWeek, type Week } from '@hemline/core';
import { openParquetFile, readManifest, type Manifest } from '@hemline/stores';
import { listRuns, readRun, type ModelRegistry, type RunRecord, type Home } from '@hemline/runs';

/** Forecasts of one model by one run. */
export interface ForecastFolder {
  readonly directory: string;
  readonly model: string;
  readonly run: string;
  readonly manifest: Manifest;
  /** Last week that the forecast knew. */
  readonly cutoff: Week;
  /** Number in the registry; null where it is not known. */
  readonly version: number | null;
  /** Run that trained the model; null where it is not known. */
  readonly trainedBy: string | null;
  /** Last week that the model knew; null where it is not known. */
  readonly modelCutoff: Week | null;
}

/** The manifest that a workflow leaves above the folders of its models. */
interface SetManifest {
  readonly run: string;
  readonly dataset: { readonly name: string; readonly lastWeek: string };
  readonly models: readonly {
    readonly model: string;
    readonly version: number | null;
    readonly trainedBy: string | null;
    readonly cutoff: string | null;
    /** URI of what it forecast; null where it did not. */
    readonly folder: string | null;
  }[];
}

/** Forecasts lie at most so far below the folder that is given. */
const MOST_LEVELS = 8;

/**
 * Finds what was forecast for a dataset: what workflows left in `forecasts/` of the home and what single forecasts left in their
 * runs, or all that lies below a folder.
 * @param home of the command
 * @param registry that tells versions
 * @param dataset its name: forecasts of another are left out
 * @param below a folder to look in, in the place of the home
 * @returns by model and cutoff, earliest first; of two with the same, the run with the later name
 * @throws DataError when there is none
 */
export async function findForecasts(
  home: Home,
  registry: ModelRegistry,
  dataset: string,
  below?: string,
): Promise<ForecastFolder[]> {
  const folders = await outputFolders(
    below === undefined ? join(home.directory, 'forecasts') : resolve(below),
  );
  if (below === undefined) folders.push(...(await singleForecasts(home)));
  const found = new Map<string, ForecastFolder>();
  for (const directory of new Set(folders)) {
    const folder = await describe(directory, home, registry, dataset);
    if (folder === null) continue;
    const key = `${folder.model}/${folder.cutoff}`;
    const other = found.get(key);
    if (other === undefined || other.run < folder.run) found.set(key, folder);
  }
  if (found.size === 0)
    throw new DataError('there are no forecasts to monitor', {
      expected: `forecasts of the dataset ${dataset}, with their manifests`,
      found: folders.length === 0 ? 'none' : `${folders.length} of other datasets`,
      where: { file: below ?? home.directory },
      remedy: '"hemline run" leaves them; --out names its folder, --forecasts any folder of forecasts.',
    });
  return [...found.values()].sort((a, b) =>
    a.model < b.model ? -1 : a.model > b.model ? 1 : a.cutoff - b.cutoff,
  );
}

async function outputFolders(folder: string, level = 0): Promise<string[]> {
  if (!existsSync(folder) || level > MOST_LEVELS) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const manifest = entries.find((entry) => entry.isFile() && /^manifest(-.+)?\.json$/.test(entry.name));
  if (manifest !== undefined && 'provenance' in (await readJson<object>(join(folder, manifest.name))))
    return [folder];
  const below = entries.filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name));
  return (await Promise.all(below.map(({ name }) => outputFolders(join(folder, name), level + 1)))).flat();
}

async function singleForecasts(home: Home): Promise<string[]> {
  if (!existsSync(home.runs)) return [];
  const { runs } = await listRuns(home.runs);
  return runs
    .filter(({ record }) => record.kind === 'forecast' && record.state === 'succeeded')
    .flatMap(({ record }) => record.outputs.map(({ url }) => url))
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url))
    .filter((directory) => existsSync(directory));
}

async function describe(
  directory: string,
  home: Home,
  registry: ModelRegistry,
  dataset: string,
): Promise<ForecastFolder | null> {
  const set = await setManifest(dirname(directory));
  // A version that failed may have left some hosts' share: what counts is what the set says.
  const name = basename(directory);
  if (set !== null && !set.models.some(({ folder }) => folder !== null && basename(folder) === name))
    return null;
  const manifest = await readManifest(directory);
  const { model, runId: run } = manifest.provenance;
  if (set?.run === run) {
    if (set.dataset.name !== dataset) return null;
    const by = set.models.find((each) => each.model === model);
    return {
      ...{ directory, model, run, manifest, cutoff: parseWeek(set.dataset.lastWeek) },
      ...{ version: by?.version ?? null, trainedBy: by?.trainedBy ?? null },
      modelCutoff: typeof by?.cutoff === 'string' ? parseWeek(by.cutoff) : null,
    };
  }
  const record = (await readRun(home.runFolder(run)))?.record ?? null;
  if (record !== null && !record.inputs.some(({ name }) => name === dataset)) return null;
  const trainedBy = record?.versions.find((each) => each.model === model)?.trainedBy ?? null;
  const versions = trainedBy === null ? [] : await registry.list(model);
  const version = versions.find((each) => each.run === trainedBy);
  return {
    ...{ directory, model, run, manifest, trainedBy },
    cutoff: await cutoffOf(directory, manifest, record),
    version: version?.version ?? null,
    modelCutoff: version === undefined ? null : parseWeek(version.cutoff),
  };
}

async function setManifest(folder: string): Promise<SetManifest | null> {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return null;
  const set = await readJson<Partial<SetManifest>>(file);
  return set.run !== undefined && set.models !== undefined ? (set as SetManifest) : null;
}

/** A forecast begins in the week after its cutoff. */
async function cutoffOf(directory: string, { files }: Manifest, record: RunRecord | null): Promise<Week> {
  const told = record?.parameters['cutoff'];
  if (told !== undefined) return parseWeek(told);
  let first = Infinity;
  for (const { file } of files) {
    const parquet = await openParquetFile(join(directory, file));
    // Quantities without weeks do not say when they were forecast.
    if (!parquet.schema.fields.some(({ name }) => name === 'week')) break;
    for await (const batch of parquet.batches({ columns: ['week'] }))
      for (const week of batch.weeks('week')) first = Math.min(first, week);
  }
  if (first !== Infinity) return addWeeks(first, -1);
  throw new DataError('a forecast does not say from which week on it was made', {
    expected: 'the record of its run, the manifest of its workflow, or rows with weeks',
    found: 'none of them',
    where: { file: directory },
    remedy: `Move ${basename(directory)} elsewhere, or name the folder of its runs with --out.`,
  });
}

async function readJson<T>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new DataError('a manifest is damaged', { found: cause.message, where: { file }, cause });
  }
}
