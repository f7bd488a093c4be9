import type { ArtifactReader, ArtifactWriter, SavedStates } from '@hemline/core';

/** What came of a leg. */
export interface FinishedLeg {
  readonly weights: Float32Array;
  /** Steps to these weights. */
  readonly steps: number;
  /** Mean loss of the last steps. */
  readonly loss: number;
}

/**
 * Checkpoints of a training in legs: one network after another on the weeks that are not held out, then one after another on all.
 * Beside the state of the leg under way, what came of those that are done. The platform's step counts on over all of them.
 */
export class LegCheckpoints {
  readonly #checkpoints: SavedStates;
  readonly #starts: readonly number[];

  /**
   * @param checkpoints of the whole training
   * @param lengths steps of each leg, at most
   */
  constructor(checkpoints: SavedStates, lengths: readonly number[]) {
    this.#checkpoints = checkpoints;
    this.#starts = lengths.reduce((starts, length) => [...starts, starts.at(-1)! + length], [0]);
  }

  /** @returns legs that are done, from the latest checkpoint */
  async finished(): Promise<FinishedLeg[]> {
    const latest = await this.#checkpoints.latest();
    return latest === null ? [] : readLegs(latest.artifact);
  }

  /**
   * @param finished legs that are done
   * @returns the checkpoints of the next leg
   */
  of(finished: readonly FinishedLeg[]): SavedStates {
    const [before, after] = [this.#starts[finished.length]!, this.#starts[finished.length + 1]!];
    return {
      latest: async () => {
        const latest = await this.#checkpoints.latest();
        // One of an earlier leg says nothing of this one.
        const isOurs = latest !== null && latest.step >= before && latest.step < after;
        return isOurs ? { step: latest.step - before, artifact: latest.artifact } : null;
      },
      save: (step, write) =>
        this.#checkpoints.save(before + step, async (artifact) => {
          await write(artifact);
          await writeLegs(artifact, finished);
        }),
    };
  }
}

async function readLegs(artifact: ArtifactReader): Promise<FinishedLeg[]> {
  const saved = (await artifact.readJson('legs')) as readonly Omit<FinishedLeg, 'weights'>[];
  const legs: FinishedLeg[] = [];
  for (const [leg, { steps, loss }] of saved.entries()) {
    const weights = new Float32Array((await artifact.readBytes(`leg-${leg}`)).slice().buffer);
    legs.push({ weights, steps, loss });
  }
  return legs;
}

async function writeLegs(artifact: ArtifactWriter, finished: readonly FinishedLeg[]): Promise<void> {
  await artifact.writeJson(
    'legs',
    finished.map(({ steps, loss }) => ({ steps, loss })),
  );
  for (const [leg, { weights }] of finished.entries())
    await artifact.writeBytes(
      `leg-${leg}`,
      new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength),
    );
}
