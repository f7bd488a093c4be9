import type { AnyModel } from '@hemline/core';
import { variantOf, type Declaration, type UnnamedVariant } from '@hemline/experiments';
import { fetchArtifactCard } from '@hemline/runtime';
import type { ModelRegistry } from '@hemline/runs';
import { readPromotion } from '@hemline/hemline';

/** What variants are compared with, and why that. */
export interface Champion {
  readonly variant: UnnamedVariant;
  readonly source: string;
}

/**
 * The champion of an experiment: the one that its file names; else the hyperparameters of the first variant's model as they are in
 * use: of its current approved version, else as promoted, else its defaults.
 * @param declaration of the experiment
 * @param dataset name of the dataset: a version of other data is nothing to compare with
 * @param registry with the versions
 * @param modelOf the definition of a model
 * @returns the champion
 * @throws ArtifactError when the current version's artifact is not there any more
 */
export async function findChampion(
  declaration: Declaration,
  dataset: string,
  registry: ModelRegistry,
  modelOf: (name: string) => Promise<AnyModel>,
): Promise<Champion> {
  const { champion } = declaration;
  if (champion !== undefined) {
    const variant = variantOf(await modelOf(champion.model), champion.hyperparameters, champion.preset);
    return { variant, source: 'named in the file' };
  }
  const model = await modelOf(declaration.variants[0]!.model);
  const approved = (await registry.list(model.name))
    .filter((version) => version.dataset === dataset && version.status === 'approved')
    .sort((a, b) => b.version - a.version)[0];
  if (approved !== undefined) {
    const { hyperparameters } = await fetchArtifactCard(approved.artifact);
    return { variant: variantOf(model, hyperparameters), source: `approved version ${approved.version}` };
  }
  const promotion = readPromotion(model.name);
  if (promotion !== null)
    return {
      variant: variantOf(model, promotion.hyperparameters),
      source: `promoted by experiment ${promotion.experiment}`,
    };
  return { variant: variantOf(model, {}), source: 'defaults of the model' };
}
