import { createHash } from 'node:crypto';
import type { ForecastCurves, QuantityName } from '@hemline/core';
import type { Manifest } from '@hemline/stores';

/** By which a model is preferred to others of its quantity: less is better. */
export const PREFERRED_BY: Readonly<Record<QuantityName, string>> = {
  ...{ demand: 'demandError', 'return-rate': 'wape', 'return-time': 'wape' },
  ...{ 'fulfillment-cost': 'wape', 'residual-value': 'wape' },
};

/** Forecasts of one quantity, by the model that is trusted most. */
export interface QuantityForecasts {
  readonly quantity: QuantityName;
  readonly model: string;
  /** Folder or URL. */
  readonly place: string;
  readonly manifest: Manifest;
  /** How curves of the model are evaluated; null of a model without. */
  readonly curves: ForecastCurves | null;
}

/**
 * @param forecasts with their manifest
 * @returns digest of the content of all their files, wherever they lie
 */
export function digestOfForecasts({ manifest }: Pick<QuantityForecasts, 'manifest'>): string {
  const hash = createHash('sha256');
  for (const { file, sha256 } of manifest.files) hash.update(`${file} ${sha256}\n`);
  return hash.digest('hex');
}
