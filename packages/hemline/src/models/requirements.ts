import type { ModelRegistry, ModelVersion } from '@hemline/runs';
import { monotoneOf, requirementChecks, type RequirementCheck } from '@hemline/workflow';
import { readableRegistry } from '../registry.ts';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { modelSettings } from '../workflow/model-settings.ts';
import { modelPackages } from '../workspace.ts';
import type { VersionOptions } from './versions.ts';

/**
 * What is required of a version of a model, and what it has: as its package asks now, against the baseline's version of the same run
 * and the version that was approved when this one was registered.
 * @param version of the registry
 * @param options registry
 * @returns a check for every requirement; null where the workspace has no such model, whose requirements are not known then
 */
export async function requirements(
  version: ModelVersion,
  options: VersionOptions = {},
): Promise<RequirementCheck[] | null> {
  if (!modelPackages().some(({ name }) => name === version.model)) return null;
  const { requirements: required = {} } = modelSettings(version.model, {}, await modelCatalog());
  const registry = await readableRegistry(options.registry, options.home);
  const baseline = await baselineOf(version, required.betterThan?.model, registry);
  const approved = approvedBefore(version, await registry.list(version.model));
  return requirementChecks(required, {
    candidate: version.metrics,
    ...(baseline === undefined ? {} : { baseline: baseline.metrics }),
    ...(approved === undefined ? {} : { approved: approved.metrics }),
    monotone: monotoneOf(version.metrics),
  });
}

/** It was scored by the same run, on the same weeks. */
async function baselineOf(
  { run, dataset }: ModelVersion,
  model: string | undefined,
  registry: ModelRegistry,
): Promise<ModelVersion | undefined> {
  if (model === undefined) return undefined;
  const versions = await registry.list(model);
  return versions.findLast((each) => each.run === run && each.dataset === dataset);
}

function approvedBefore(
  { version, dataset, createdAt }: ModelVersion,
  versions: readonly ModelVersion[],
): ModelVersion | undefined {
  const wasApproved = ({ history }: ModelVersion): boolean =>
    history.findLast(({ at }) => at < createdAt)?.status === 'approved';
  return versions.findLast((each) => each.version < version && each.dataset === dataset && wasApproved(each));
}
