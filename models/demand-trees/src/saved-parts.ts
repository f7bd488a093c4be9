import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  DemandHistory,
  FeatureSet,
  OrdinalEncoder,
  PriceResponse,
  ShrunkAverages,
} from '@hemline/features';
import type { DatasetColumns } from './dataset-columns.ts';
import { Ensemble } from './ensemble.ts';
import type { FittedParts } from './fit.ts';
import { PROFILE_BINS } from './price-profile.ts';
import { QuantileBands } from './quantile-bands.ts';

/** What one JSON entry holds. */
interface Saved {
  readonly columns: Omit<DatasetColumns, 'planned'> & { readonly planned: unknown };
  readonly settings: {
    readonly levelWeeks: number;
    readonly priorWeeks: number;
    readonly shape: readonly number[];
    readonly deviations: readonly number[];
  };
  readonly bands: unknown;
  readonly horizon: number;
  /** Not there in models that were saved before there was any. */
  readonly hasResponse?: boolean;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * @param parts of a fitted model
 * @param artifact where to
 */
export async function saveParts(parts: FittedParts, artifact: ArtifactWriter): Promise<void> {
  const { columns, history, knowledge, ensemble, bands, response, horizon, metrics } = parts;
  const { settings, encoders } = knowledge;
  await artifact.writeJson('model', {
    columns: { ...columns, planned: columns.planned.definition },
    settings: { ...settings, shape: [...settings.shape] },
    bands: bands.toJson(),
    horizon,
    hasResponse: response !== null,
    metrics,
  } satisfies Saved);
  await encoders.categories.save(artifact, 'categories');
  await encoders.levels.save(artifact, 'levels');
  await history.save(artifact);
  await response?.save(artifact, 'response');
  await ensemble.save(artifact);
}

/**
 * @param artifact where from
 * @returns the parts
 * @throws ArtifactError when an entry is missing or damaged
 */
export async function loadParts(artifact: ArtifactReader): Promise<FittedParts> {
  const { columns, settings, bands, horizon, hasResponse, metrics } = (await artifact.readJson(
    'model',
  )) as Saved;
  if (settings.shape.length !== PROFILE_BINS)
    throw new ArtifactError('the saved shape of demand over the price does not fit this model', {
      expected: `${PROFILE_BINS} numbers`,
      found: `${settings.shape.length}`,
      where: { file: 'model' },
      remedy: 'Train the model again.',
    });
  return {
    columns: { ...columns, planned: FeatureSet.parse(columns.planned) },
    history: await DemandHistory.load(artifact),
    knowledge: {
      encoders: {
        categories: await OrdinalEncoder.load(artifact, 'categories'),
        levels: await ShrunkAverages.load(artifact, 'levels', ARTICLE_HIERARCHY),
      },
      settings: { ...settings, shape: Float64Array.from(settings.shape) },
    },
    ensemble: await Ensemble.load(artifact),
    bands: QuantileBands.parse(bands),
    response: hasResponse === true ? await PriceResponse.load(artifact, 'response') : null,
    horizon,
    metrics,
  };
}
