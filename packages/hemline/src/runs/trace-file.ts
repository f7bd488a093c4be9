import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { DataError } from '@hemline/core';
import { isS3, readManifest, openParquetFile } from '@hemline/stores';
import { tracePricing, type PricingLineage } from './trace-pricing.ts';
import { readRun, type ModelRegistry, type ModelVersion, type RunRecord } from '@hemline/runs';

/** What the footer of a file says. */
export interface FileFooter {
  readonly model: string;
  /** Version of the artifact's format. */
  readonly modelVersion: string;
  readonly trainingFingerprint: string;
  readonly codeVersion: string;
  readonly runId: string;
  readonly partition: string;
  readonly inputHash: string;
}

/** Where a file comes from. */
export interface Lineage {
  readonly file: string;
  readonly footer: FileFooter;
  /** The run that wrote it; null when its record is not here. */
  readonly forecast: RunRecord | null;
  /** Model folders that the run forecast with. */
  readonly artifacts: readonly string[];
  /** The run that trained its model; null when its record is not here. */
  readonly training: RunRecord | null;
  /** Versions of the registry that this training made. */
  readonly versions: readonly ModelVersion[];
  /** What recommendations follow from; null of any other file, and where it is not known. */
  readonly pricing: PricingLineage | null;
  /** Manifest that lists the file with this very content; null where there is none. */
  readonly manifest: string | null;
  /** What could not be found out, and why. */
  readonly gaps: readonly string[];
}

const KEYS = {
  model: 'hemline.model',
  modelVersion: 'hemline.model_version',
  trainingFingerprint: 'hemline.training_fingerprint',
  codeVersion: 'hemline.code_version',
  runId: 'hemline.run_id',
  partition: 'hemline.partition',
  inputHash: 'hemline.input_hash',
} as const satisfies Record<keyof FileFooter, string>;

/** An output's folder is at most so far above a file of it: partitions of a few columns. */
const MOST_LEVELS = 6;

/**
 * Follows a file back: footer → run that wrote it → model → run that trained it, and to the registry.
 * @param file path or URL of a Parquet file
 * @param runs folder of the runs
 * @param registry of the versions
 * @returns what is known of it, and what is not
 * @throws DataError when the file does not say where it comes from, or differs from its manifest
 */
export async function traceFile(file: string, runs: string, registry: ModelRegistry): Promise<Lineage> {
  const footer = await readFooter(file);
  const gaps: string[] = [];
  const recordOf = async (run: string, what: string): Promise<RunRecord | null> => {
    const known = await readRun(join(runs, encodeURIComponent(run)));
    if (known === null) gaps.push(`the record of run ${run}, ${what}, is not in ${runs}`);
    return known?.record ?? null;
  };
  const forecast = await recordOf(footer.runId, 'which wrote the file');
  const isPricing = footer.model === 'pricing';
  const pricing = isPricing ? await tracePricing(file, footer.trainingFingerprint, recordOf, gaps) : null;
  const used = (forecast?.versions ?? []).filter(
    ({ model, role }) => model === footer.model && role === 'forecast',
  );
  const trainedBy = used.find((each) => each.trainedBy !== null)?.trainedBy ?? null;
  if (forecast !== null && trainedBy === null && !isPricing)
    gaps.push(`run ${footer.runId} does not say which run trained ${footer.model}`);
  const training = trainedBy === null ? null : await recordOf(trainedBy, 'which trained the model');
  const versions = isPricing
    ? []
    : (await registry.list(footer.model)).filter(({ run }) => run === trainedBy);
  const manifest = isS3(file) ? null : await findManifest(resolve(file));
  if (isS3(file)) gaps.push('a file in S3 is not compared with its manifest here');
  return {
    file,
    footer,
    forecast,
    artifacts: used.map(({ artifact }) => artifact),
    ...{ training, versions, pricing, manifest, gaps },
  };
}

async function readFooter(file: string): Promise<FileFooter> {
  const { metadata } = await openParquetFile(file);
  const entries = Object.entries(KEYS).map(([name, key]) => [name, metadata[key]] as const);
  const missing = entries.filter(([, value]) => value === undefined);
  if (missing.length === 0) return Object.fromEntries(entries) as unknown as FileFooter;
  throw new DataError('the file does not say where it comes from', {
    expected: Object.values(KEYS).join(', '),
    found: Object.keys(metadata).join(', ') || 'no metadata',
    where: { file },
    remedy: 'Only outputs of hemline can be traced: forecasts, features and recommendations.',
  });
}

/** The nearest folder above with a manifest; the file must be in it as it was written. */
async function findManifest(file: string): Promise<string | null> {
  let folder = dirname(file);
  for (let level = 0; level < MOST_LEVELS && folder !== dirname(folder); level++, folder = dirname(folder)) {
    const names = await readdir(folder);
    const manifest = names.find((name) => /^manifest(-.+)?\.json$/.test(name));
    if (manifest === undefined) continue;
    const { files } = await readManifest(folder);
    const key = relative(folder, file).replaceAll('\\', '/');
    const listed = files.find((each) => each.file === key);
    const found = await sha256Of(file);
    if (listed?.sha256 === found) return join(folder, manifest);
    throw new DataError('the file is not the one that its run wrote', {
      expected: listed === undefined ? 'a file of the manifest' : `SHA-256 ${listed.sha256}`,
      found: listed === undefined ? key : found,
      where: { file },
      remedy: `Its footer may have been copied with it: do not trust it. ${join(folder, manifest)} lists what was written.`,
    });
  }
  return null;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
