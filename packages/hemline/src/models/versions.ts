import { ConfigurationError } from '@hemline/core';
import type { ApprovalStatus, ModelRegistry, ModelVersion, StatusChange } from '@hemline/runs';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import type { HomeOption } from '../work-options.ts';
import { compareValues, type ComparedValue } from './compare-values.ts';

/** Where versions are looked for. */
export type VersionOptions = RegistryOption & HomeOption;

/** Which versions are listed. */
export interface ListVersionsOptions extends VersionOptions {
  /** Only of this model. */
  readonly model?: string;
  readonly status?: ApprovalStatus;
  /** Only trained on this dataset. */
  readonly dataset?: string;
}

/**
 * The versions in a registry.
 * @param options registry, model, status, dataset
 * @returns by model, newest first
 */
export async function list(options: ListVersionsOptions = {}): Promise<ModelVersion[]> {
  const registry = await readableRegistry(options.registry, options.home);
  return (await registry.list(options.model))
    .filter(({ status }) => options.status === undefined || status === options.status)
    .filter(({ dataset }) => options.dataset === undefined || dataset === options.dataset)
    .toSorted((a, b) => (a.model === b.model ? b.version - a.version : a.model < b.model ? -1 : 1));
}

/**
 * Everything about a version: metrics, where it comes from, every decision.
 * @param model its name
 * @param number of the version; by default the latest approved, else the newest
 * @param options registry
 * @returns the version
 * @throws ConfigurationError when there is none
 */
export async function show(
  model: string,
  number?: number,
  options: VersionOptions = {},
): Promise<ModelVersion> {
  const registry = await readableRegistry(options.registry, options.home);
  if (number !== undefined) return registry.get(model, number);
  return (await registry.latestApproved(model)) ?? (await newest(registry, model));
}

/** Versions side by side. */
export interface VersionComparison {
  readonly model: string;
  readonly versions: readonly ModelVersion[];
  /** The change is that from the first to the last. */
  readonly metrics: readonly ComparedValue[];
}

/**
 * Metrics of versions side by side.
 * @param model its name
 * @param numbers of two or more versions; by default the newest and the latest approved before it, or else the one before it
 * @param options registry
 * @returns versions and metrics
 * @throws ConfigurationError when there are not two
 */
export async function compare(
  model: string,
  numbers: readonly number[] = [],
  options: VersionOptions = {},
): Promise<VersionComparison> {
  const registry = await readableRegistry(options.registry, options.home);
  const versions =
    numbers.length === 0
      ? await defaultPair(registry, model)
      : await Promise.all(numbers.map((each) => registry.get(model, each)));
  if (new Set(versions.map(({ version }) => version)).size < 2)
    throw new ConfigurationError('there is nothing to compare', {
      expected: 'two versions',
      found: `version ${versions.map(({ version }) => version).join(', ')}`,
      remedy: '"hemline models list" shows what is registered.',
    });
  return { model, versions, metrics: compareValues(versions.map(({ metrics }) => metrics)) };
}

/** A decision, and what it leads to. */
export interface Decided {
  readonly version: ModelVersion;
  /** What forecasts the dataset of the version now; null where no version is approved. */
  readonly inUse: ModelVersion | null;
}

/**
 * Decides whether a version may forecast; the decision is kept in its history for good.
 * @param model its name
 * @param number of the version
 * @param decision status, reason, by whom
 * @param options registry
 * @returns the version as it is now, and the one that is in use
 */
export async function decide(
  model: string,
  number: number,
  decision: StatusChange,
  options: VersionOptions = {},
): Promise<Decided> {
  const registry = await readableRegistry(options.registry, options.home);
  const version = await registry.setStatus(model, number, decision);
  return { version, inUse: await registry.latestApproved(model, version.dataset) };
}

/** What forecasts against what came after it; where nothing did, what it took the place of. */
async function defaultPair(registry: ModelRegistry, model: string): Promise<ModelVersion[]> {
  const last = await newest(registry, model);
  const earlier = (await registry.list(model)).filter(({ version }) => version < last.version);
  const first = earlier.findLast(({ status }) => status === 'approved') ?? earlier.at(-1);
  return first === undefined ? [last] : [first, last];
}

async function newest(registry: ModelRegistry, model: string): Promise<ModelVersion> {
  const versions = await registry.list(model);
  // The registry's own words for a version that is not there.
  return versions.at(-1) ?? registry.get(model, 1);
}
