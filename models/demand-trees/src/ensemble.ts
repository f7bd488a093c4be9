import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { LightgbmError, TreeModel } from '@hemline/lightgbm/scoring';
import { meanRatios } from './grow.ts';
import { OBJECTIVES } from './objectives.ts';

/** Trees of all objectives; forecasts are the mean of what each says. Scored in TypeScript: no library is needed to forecast. */
export class Ensemble {
  /** Text of the trees, in the order of the objectives. */
  readonly texts: readonly string[];
  /** How many trees of each are used. */
  readonly rounds: readonly number[];
  readonly #trees: readonly TreeModel[];

  /**
   * @param texts as LightGBM writes them, in the order of the objectives
   * @param rounds trees of each that are used
   * @throws ArtifactError when one is damaged
   */
  constructor(texts: readonly string[], rounds: readonly number[]) {
    this.texts = texts;
    this.rounds = rounds;
    this.#trees = texts.map(parse);
  }

  /** Trees in all. */
  get size(): number {
    return this.rounds.reduce((sum, one) => sum + one, 0);
  }

  /**
   * @param columns one a feature
   * @param start demand over the level by the past alone
   * @returns demand over the level
   */
  predict(columns: readonly Float32Array[], start: Float64Array): Float64Array {
    const scores = this.#trees.map((trees, k) =>
      this.rounds[k] === 0
        ? new Float64Array(start.length)
        : trees.predict({ columns }, { kind: 'raw', iterations: this.rounds[k] }),
    );
    return meanRatios(scores, OBJECTIVES, start);
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('rounds', this.rounds);
    for (const [k, name] of OBJECTIVES.entries())
      await artifact.writeBytes(`trees-${name}`, new TextEncoder().encode(this.texts[k]));
  }

  /**
   * @param artifact where from
   * @returns the trees
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader): Promise<Ensemble> {
    const texts: string[] = [];
    for (const name of OBJECTIVES)
      texts.push(new TextDecoder().decode(await artifact.readBytes(`trees-${name}`)));
    return new Ensemble(texts, (await artifact.readJson('rounds')) as readonly number[]);
  }
}

function parse(text: string, k: number): TreeModel {
  try {
    return TreeModel.parse(text);
  } catch (error) {
    if (!(error instanceof LightgbmError)) throw error;
    throw new ArtifactError('the saved trees are damaged', {
      found: error.message,
      where: { file: `trees-${OBJECTIVES[k]}` },
      remedy: 'Train the model again.',
      cause: error,
    });
  }
}
