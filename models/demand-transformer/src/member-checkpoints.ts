import type { ArtifactWriter, SavedStates } from '@hemline/core';

/**
 * Checkpoints of several networks that are trained one after another: beside the state of the one in training, the weights of
 * those that are done. The platform's step counts on over all of them.
 */
export class MemberCheckpoints {
  readonly #checkpoints: SavedStates;
  readonly #steps: number;

  /**
   * @param checkpoints of the whole training
   * @param steps of one network
   */
  constructor(checkpoints: SavedStates, steps: number) {
    this.#checkpoints = checkpoints;
    this.#steps = steps;
  }

  /** @returns weights of the networks that are done, from the latest checkpoint */
  async finished(): Promise<Float32Array[]> {
    const latest = await this.#checkpoints.latest();
    const members: Float32Array[] = [];
    if (latest === null) return members;
    const { done } = (await latest.artifact.readJson('members')) as { readonly done: number };
    for (let member = 0; member < done; member++)
      members.push(new Float32Array((await latest.artifact.readBytes(`member-${member}`)).slice().buffer));
    return members;
  }

  /**
   * @param finished weights of the networks that are done
   * @returns the checkpoints of the next network
   */
  of(finished: readonly Float32Array[]): SavedStates {
    const before = finished.length * this.#steps;
    return {
      latest: async () => {
        const latest = await this.#checkpoints.latest();
        // One of an earlier network says nothing of this one.
        const isOurs = latest !== null && latest.step >= before && latest.step < before + this.#steps;
        return isOurs ? { step: latest.step - before, artifact: latest.artifact } : null;
      },
      save: (step, write) =>
        this.#checkpoints.save(before + step, async (artifact) => {
          await write(artifact);
          await this.#write(artifact, finished);
        }),
    };
  }

  async #write(artifact: ArtifactWriter, finished: readonly Float32Array[]): Promise<void> {
    await artifact.writeJson('members', { done: finished.length });
    for (const [member, { buffer, byteOffset, byteLength }] of finished.entries())
      await artifact.writeBytes(`member-${member}`, new Uint8Array(buffer, byteOffset, byteLength));
  }
}
