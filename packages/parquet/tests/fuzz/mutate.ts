import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/** A way to damage a file. */
export type Mutation = (file: Uint8Array, other: Uint8Array, random: RandomGenerator) => Uint8Array;

const below = (random: RandomGenerator, end: number): number => uniformInt(random, 0, Math.max(0, end - 1));

/** Where the footer begins. */
function footerStart(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Math.max(4, file.length - 8 - view.getUint32(file.length - 8, true));
}

function flipAt(file: Uint8Array, at: number, random: RandomGenerator): Uint8Array {
  const damaged = file.slice();
  damaged[at]! ^= 1 << below(random, 8);
  return damaged;
}

/** What a bad disk, a broken copy or a bad writer does to a file. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip: (file, _other, random) => flipAt(file, below(random, file.length), random),
  'flip in the footer': (file, _other, random) =>
    flipAt(file, footerStart(file) + below(random, file.length - footerStart(file)), random),
  'flip in the first page': (file, _other, random) => flipAt(file, 4 + below(random, 64), random),
  'several flips': (file, _other, random) =>
    [1, 2, 3, 4].reduce((damaged) => flipAt(damaged, below(random, file.length), random), file),
  'set a byte': (file, _other, random) => {
    const damaged = file.slice();
    damaged[below(random, file.length)] = [0, 0xff, 0x7f, 0x80, 1][below(random, 5)]!;
    return damaged;
  },
  truncate: (file, _other, random) => file.slice(0, below(random, file.length)),
  'lose the beginning': (file, _other, random) => file.slice(below(random, file.length)),
  'zero a span': (file, _other, random) => {
    const start = below(random, file.length);
    return file.slice().fill(0, start, start + 1 + below(random, 64));
  },
  'double a span': (file, _other, random) => {
    const start = below(random, file.length);
    const end = Math.min(file.length, start + 1 + below(random, 64));
    return new Uint8Array(Buffer.concat([file.subarray(0, end), file.subarray(start)]));
  },
  'lose a span': (file, _other, random) => {
    const start = below(random, file.length);
    const end = Math.min(file.length, start + 1 + below(random, 64));
    return new Uint8Array(Buffer.concat([file.subarray(0, start), file.subarray(end)]));
  },
  splice: (file, other, random) =>
    new Uint8Array(
      Buffer.concat([
        file.subarray(0, below(random, file.length)),
        other.subarray(below(random, other.length)),
      ]),
    ),
  'other data': (file, other, random) => {
    const damaged = file.slice();
    const piece = other.subarray(4, 5 + below(random, other.length - 5));
    const at = below(random, file.length);
    damaged.set(piece.subarray(0, file.length - at), at);
    return damaged;
  },
};
