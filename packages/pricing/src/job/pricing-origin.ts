import { createHash } from 'node:crypto';
import type { QuantityName } from '@hemline/core';
import type { Provenance } from '@hemline/stores';
import type { DecisionSource } from './standing-overrides.ts';
import { digestOfForecasts, type QuantityForecasts } from './quantity-forecasts.ts';

/** Name of the file that tells it, beside the tables; no reader of folders takes it for data. */
export const ORIGIN_FILE = '_inputs.json';

/** A file of somebody's decisions, by what stands in it. */
export interface GivenFile {
  /** Path or URL. */
  readonly file: string;
  readonly sha256: string;
}

/** All that recommendations follow from. Two that have the same digest are the same. */
export interface PricingOrigin {
  /** The run whose forecasts were priced. */
  readonly run: string;
  readonly forecasts: readonly {
    readonly quantity: QuantityName;
    readonly model: string;
    readonly place: string;
    /** Of the content of its files. */
    readonly digest: string;
  }[];
  readonly dataset: { readonly name: string; readonly fingerprint: string };
  /** Null: none were given. */
  readonly limits: GivenFile | null;
  /** Discounts that were fixed already; null: none were. */
  readonly plan: GivenFile | null;
  /**
   * Where prices were looked for that people have fixed, and how many segments there were; null or missing: nowhere. What they have
   * fixed is in the settings, by its digest.
   */
  readonly decisions?: DecisionSource | null;
  /** What else was set, defaults included. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * @param forecasts that are priced
 * @returns them as they are told
 */
export function forecastOrigins(forecasts: readonly QuantityForecasts[]): PricingOrigin['forecasts'] {
  return forecasts.map((each) => {
    const { quantity, model, place } = each;
    return { quantity, model, place, digest: digestOfForecasts(each) };
  });
}

/**
 * @param file path or URL, as it is told
 * @param content of it
 * @returns the file by its content
 */
export function givenFile(file: string, content: string | Uint8Array): GivenFile {
  return { file, sha256: createHash('sha256').update(content).digest('hex') };
}

/**
 * @param origin of recommendations
 * @returns digest of all that decides them; where files lie does not
 */
export function digestOfOrigin({ run, forecasts, dataset, limits, plan, settings }: PricingOrigin): string {
  const decides = {
    run,
    forecasts: forecasts.map(({ quantity, model, digest }) => [quantity, model, digest]),
    dataset: dataset.fingerprint,
    limits: limits?.sha256 ?? null,
    plan: plan?.sha256 ?? null,
    settings: Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex');
}

/**
 * What every file of recommendations carries: in the place of training data, the digest of what they follow from.
 * @param origin of the recommendations
 * @param codeVersion of what priced
 * @param runId run that priced
 * @returns the provenance
 */
export function pricingProvenance(origin: PricingOrigin, codeVersion: string, runId: string): Provenance {
  return {
    ...{ model: 'pricing', modelVersion: 1, trainingFingerprint: digestOfOrigin(origin) },
    ...{ codeVersion, runId },
  };
}
