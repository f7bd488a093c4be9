import type { AnyModel } from '@hemline/core';
import type { ModelRegistry } from '@hemline/runs';
import { fetchArtifactCard } from '@hemline/runtime';
import type { Declaration } from './declaration.ts';
import type { Promotion } from './promotion/promotion.ts';
import { variantOf, type UnnamedVariant } from './variant.ts';

/** What an experiment has to know of the models that there are. */
export interface KnownModels {
  /** The definition of a model. */
  modelOf(name: string): Promise<AnyModel>;
  /** What an experiment has promoted of it; null where nothing is. */
  promotionOf(model: string): Promotion | null;
}

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
 * @param models that there are
 * @returns the champion
 * @throws ArtifactError when the current version's artifact is not there any more
 */
export async function findChampion(
  declaration: Declaration,
  dataset: string,
  registry: ModelRegistry,
  { modelOf, promotionOf }: KnownModels,
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
  const promotion = promotionOf(model.name);
  if (promotion !== null)
    return {
      variant: variantOf(model, promotion.hyperparameters),
      source: `promoted by experiment ${promotion.experiment}`,
    };
  return { variant: variantOf(model, {}), source: 'defaults of the model' };
}
