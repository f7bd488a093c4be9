import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { LightgbmError, TreeModel } from '@hemline/lightgbm/scoring';
import { MEMBERS, ratioOf, startScore } from './objectives.ts';
import type { Votes } from './votes.ts';

/** Trees of all members; forecasts are a mean of what each says. Scored in TypeScript: no library is needed to forecast. */
export class Ensemble {
  /** Text of the trees, in the order of the members. */
  readonly texts: readonly string[];
  readonly votes: Votes;
  readonly #trees: readonly TreeModel[];

  /**
   * @param texts as LightGBM writes them, in the order of the members
   * @param votes of each
   * @throws ArtifactError when one is damaged
   */
  constructor(texts: readonly string[], votes: Votes) {
    this.texts = texts;
    this.votes = votes;
    this.#trees = texts.map(parse);
  }

  /** Trees in all. */
  get size(): number {
    return this.votes.rounds.reduce((sum, one) => sum + one, 0);
  }

  /**
   * @param columns one a feature
   * @param start demand over the level by the past alone
   * @returns demand over the level
   */
  predict(columns: readonly Float32Array[], start: Float64Array): Float64Array {
    const { rounds, shares } = this.votes;
    const ratios = new Float64Array(start.length);
    this.#trees.forEach((trees, k) => {
      const member = MEMBERS[k]!;
      const scores =
        rounds[k] === 0 ? null : trees.predict({ columns }, { kind: 'raw', iterations: rounds[k] });
      for (let i = 0; i < ratios.length; i++)
        ratios[i]! +=
          shares[k]! * ratioOf(member.objective, startScore(member, start[i]!) + (scores?.[i] ?? 0));
    });
    return ratios;
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('votes', this.votes);
    for (const [k, text] of this.texts.entries())
      await artifact.writeBytes(`trees-${MEMBERS[k]!.name}`, new TextEncoder().encode(text));
  }

  /**
   * @param artifact where from
   * @returns the trees
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader): Promise<Ensemble> {
    const votes = (await artifact.readJson('votes')) as Votes;
    const texts: string[] = [];
    // Models that were saved before the last members came to be have the first ones.
    for (const { name } of MEMBERS.slice(0, votes.rounds.length))
      texts.push(new TextDecoder().decode(await artifact.readBytes(`trees-${name}`)));
    return new Ensemble(texts, votes);
  }
}

function parse(text: string, k: number): TreeModel {
  try {
    return TreeModel.parse(text);
  } catch (error) {
    if (!(error instanceof LightgbmError)) throw error;
    throw new ArtifactError('the saved trees are damaged', {
      found: error.message,
      where: { file: `trees-${MEMBERS[k]!.name}` },
      remedy: 'Train the model again.',
      cause: error,
    });
  }
}
