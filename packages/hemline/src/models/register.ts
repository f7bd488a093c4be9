import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '@hemline/core';
import { Home, type ApprovalStatus, type ModelVersion } from '@hemline/runs';
import { readArtifactCard } from '@hemline/runtime';
import { registryOf } from '../registry.ts';
import { modelPackage } from '../workspace.ts';
import type { VersionOptions } from './versions.ts';

/** What is registered, and why. */
export interface RegisterOptions extends VersionOptions {
  /** Name of the dataset that it was trained on. */
  readonly dataset: string;
  /** Folder of the trained model; by default the latest trained on the dataset. */
  readonly modelDir?: string;
  /** `s3:` URI of a copy of that folder or its `model.tar.gz`, for a registry on AWS. */
  readonly artifact?: string;
  /** `metrics.json` that an evaluation left; by default the metrics of the training. */
  readonly metrics?: string;
  /** Image that forecasts with it. */
  readonly image?: string;
  /** To begin with, `pending` by default. */
  readonly status?: ApprovalStatus;
  /** Kept in the history for good. */
  readonly reason: string;
  /** Who decides. */
  readonly by: string;
}

/**
 * Adds a trained model to the registry; the same model again gives the same version.
 * @param model its name
 * @param options dataset, folder, status, reason
 * @returns the version
 * @throws ConfigurationError when the folder holds another model, or the metrics are none
 */
export async function register(model: string, options: RegisterOptions): Promise<ModelVersion> {
  modelPackage(model);
  const directory = resolve(
    options.modelDir ?? new Home(options.home).require(model, options.dataset).directory,
  );
  const card = await readArtifactCard(directory);
  if (card.model !== model)
    throw new ConfigurationError('the folder holds another model', {
      expected: model,
      found: card.model,
      where: { file: directory },
    });
  const registry = await registryOf(options.registry, options.home);
  const identity = [model, options.dataset, card.runId, card.cutoff, card.dataFingerprint, card.entries];
  return registry.register({
    model,
    artifact: options.artifact ?? pathToFileURL(directory).href,
    dataset: options.dataset,
    cutoff: card.cutoff,
    run: card.runId,
    metrics: options.metrics === undefined ? card.metrics : await readMetrics(options.metrics),
    lineage: {
      data: card.dataFingerprint,
      code: card.codeVersion,
      seed: String(card.seed),
      ...(options.image === undefined ? {} : { image: options.image }),
    },
    status: options.status ?? 'pending',
    reason: options.reason,
    by: options.by,
    token: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
  });
}

async function readMetrics(file: string): Promise<Record<string, number>> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError('the metrics cannot be read', {
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
  const table = found as { metrics?: object } | null;
  const metrics = Object.entries(table?.metrics ?? table ?? {});
  if (metrics.length > 0 && metrics.every(([, value]) => value === null || typeof value === 'number'))
    return Object.fromEntries(metrics.map(([name, value]) => [name, (value as number | null) ?? NaN]));
  throw new ConfigurationError('these are no metrics', {
    expected: 'metrics.json of an evaluation: numbers by name, or below "metrics"',
    found: JSON.stringify(found).slice(0, 100),
    where: { file },
  });
}
