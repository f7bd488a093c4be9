import { resumeStream, type RandomGenerator } from '../random/stream.ts';

const WORDS = 4;

/** Where random streams were at many moments, so that draws can be made from there again. 16 bytes a moment. */
export class KeptStreams {
  readonly #words: Int32Array;

  /** @param moments how many */
  constructor(moments: number) {
    this.#words = new Int32Array(moments * WORDS);
  }

  /**
   * @param moment number of the moment
   * @param random the stream; left as it is
   */
  keep(moment: number, random: RandomGenerator): void {
    this.#words.set(random.getState(), moment * WORDS);
  }

  /**
   * @param moment that was kept
   * @returns a stream that goes on from there
   */
  resume(moment: number): RandomGenerator {
    return resumeStream(this.#words.subarray(moment * WORDS, (moment + 1) * WORDS));
  }
}
