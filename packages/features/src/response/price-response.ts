import {
  ArtifactError,
  Batch,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  type ArtifactReader,
  type ArtifactWriter,
} from '@hemline/core';
import { liftAt, RESPONSE_SLOPES } from './response-basis.ts';

/** Effects by the values of some columns. */
export interface KeyedEffects {
  readonly columns: readonly string[];
  /** One row a key: the columns, and `effect`. */
  readonly table: Batch;
}

/** What a response rests on. */
export interface ResponseEvidence {
  /**
   * Share of the variance that the lift of 30 % off has a priori which the data has removed, times how far its articles are enough to speak
   * for others (n / (n + 60)), 0 to 1. 0: discounts never moved, or nothing was sold, and the response is what is supposed of any.
   */
  readonly resolved: number;
  /** Standard error of the common log lift at 30 % off. */
  readonly liftError: number;
  /** Weeks that it was estimated from, those of experiments among them. */
  readonly weeks: number;
  readonly experimentWeeks: number;
  /** Mean depth −log(1 − discount) of these weeks; 0 where there are none. */
  readonly usualDepth: number;
}

/** The least and the most that a series' response may be of the common one. */
const [LEAST, MOST] = [0.2, 3];

/**
 * How demand answers to the discount, by series: log q(d) − log q(0) = tilt · Σ_k slope_k · reach_k(d), with reach over the depth
 * −log(1 − d) as in demand curves. The common slopes are at least 0, and the tilt is above 0: never falling. The tilt is 1 plus what the
 * attributes, the article and the series itself add; what is unknown of a series adds nothing.
 */
export class PriceResponse {
  /** Common slopes, {@link RESPONSE_SLOPES} long. */
  readonly slopes: Float64Array;
  readonly evidence: ResponseEvidence;
  readonly #effects: readonly KeyedEffects[];
  readonly #indexes: readonly KeyIndex[];

  /**
   * @param slopes of the common response, each at least 0
   * @param effects that add up to the tilt less 1; none for the common response alone
   * @param evidence what it rests on
   */
  constructor(slopes: Float64Array, effects: readonly KeyedEffects[], evidence: ResponseEvidence) {
    this.slopes = slopes;
    this.evidence = evidence;
    this.#effects = effects;
    this.#indexes = effects.map(({ columns, table }) => {
      const index = new KeyIndex(columns);
      index.add(table);
      return index;
    });
  }

  /** Attributes of a series that its tilt depends on, `article` and `market` among them. */
  get attributes(): readonly string[] {
    return [...new Set([...SERIES_KEY, ...this.#effects.flatMap(({ columns }) => columns)])];
  }

  /**
   * @param series one row each, with the columns of {@link attributes} as far as they are known
   * @returns the steepness of each response in units of the common one
   */
  tilts(series: Batch): Float64Array {
    const tilts = new Float64Array(series.length).fill(1);
    this.#effects.forEach(({ columns, table }, i) => {
      if (!columns.every((name) => series.has(name))) return;
      const effect = table.floats('effect');
      this.#indexes[i]!.find(series).forEach((key, s) => {
        if (key !== -1) tilts[s]! += effect[key]!;
      });
    });
    return tilts.map((tilt) => Math.max(LEAST, Math.min(MOST, tilt)));
  }

  /**
   * @param series one row each
   * @returns slopes over the segments of the discount, [series × {@link RESPONSE_SLOPES}], as demand curves have them
   */
  slopesOf(series: Batch): Float64Array {
    const slopes = new Float64Array(series.length * RESPONSE_SLOPES);
    this.tilts(series).forEach((tilt, s) => {
      for (let k = 0; k < RESPONSE_SLOPES; k++) slopes[s * RESPONSE_SLOPES + k] = tilt * this.slopes[k]!;
    });
    return slopes;
  }

  /**
   * @param series one row each
   * @param discounts in [0, 1)
   * @returns log q(d) − log q(0), [series × discounts]: 0 at discount 0, never falling with it
   */
  logLift(series: Batch, discounts: ArrayLike<number>): Float64Array {
    const common = Float64Array.from(discounts, (discount) => liftAt(this.slopes, discount));
    const lift = new Float64Array(series.length * common.length);
    this.tilts(series).forEach((tilt, s) => {
      common.forEach((one, d) => (lift[s * common.length + d] = tilt * one));
    });
    return lift;
  }

  /**
   * Saves one JSON entry, and a table for each set of effects.
   * @param artifact where to
   * @param name of the entries
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    const effects = this.#effects.map(({ columns }) => columns);
    await artifact.writeJson(name, { slopes: [...this.slopes], evidence: this.evidence, effects });
    for (const [i, { table }] of this.#effects.entries()) await artifact.writeTable(`${name}-${i}`, table);
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @returns the response
   * @throws ArtifactError when an entry is missing, damaged, or of other segments
   */
  static async load(artifact: ArtifactReader, name: string): Promise<PriceResponse> {
    const saved = (await artifact.readJson(name)) as {
      readonly slopes?: readonly number[];
      readonly evidence?: ResponseEvidence;
      readonly effects?: readonly (readonly string[])[];
    } | null;
    if (
      !Array.isArray(saved?.slopes) ||
      saved.slopes.length !== RESPONSE_SLOPES ||
      !saved.slopes.every((slope) => typeof slope === 'number' && slope >= 0) ||
      saved.evidence === undefined ||
      !Array.isArray(saved.effects)
    )
      throw new ArtifactError('a saved response to the price does not fit this version', {
        expected: `${RESPONSE_SLOPES} slopes of at least 0, effects, evidence`,
        found: JSON.stringify(saved)?.slice(0, 200) ?? 'nothing',
        where: { file: name },
        remedy: 'Train the model again with this version.',
      });
    const effects: KeyedEffects[] = [];
    for (const [i, columns] of saved.effects.entries())
      effects.push({ columns, table: await artifact.readTable(`${name}-${i}`) });
    return new PriceResponse(Float64Array.from(saved.slopes), effects, saved.evidence);
  }
}

/**
 * @param index keys in order
 * @param effect of each key
 * @returns them as a table
 */
export function keyedEffects(index: KeyIndex, effect: Float64Array): KeyedEffects {
  const columns = index.toColumns();
  const table = new Batch(new Map(index.columns.map((name, i) => [name, columns[i]!])), index.size);
  return { columns: index.columns, table: table.with({ effect: float64Column(effect) }) };
}
