import type { ByteArrays } from './byte-arrays.ts';
import { Damage } from './bytes.ts';

/**
 * Numbers distinct byte strings and keeps each once as text: a JavaScript string is made for the first of equals only.
 * An open-addressing hash table over the bytes.
 */
export class TextCodes {
  /** The distinct strings, by code. */
  readonly dictionary: string[] = [];
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Code + 1 of each slot; 0 where it is free. */
  #slots = new Int32Array(256);
  #hashes = new Int32Array(128);
  #starts = new Int32Array(128);
  #lengths = new Int32Array(128);
  /** Bytes of the distinct strings, end to end. */
  #bytes = new Uint8Array(4096);
  #used = 0;

  /**
   * Codes strings.
   * @param strings of a page
   * @param out takes the codes
   * @param at index of the first
   * @throws Damage when one is no UTF-8
   */
  add({ bytes, starts, lengths }: ByteArrays, out: Int32Array, at: number): void {
    // Equal neighbours are common (sorted keys).
    let lastStart = -1;
    let lastLength = -1;
    let lastCode = 0;
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i]!;
      const length = lengths[i]!;
      if (length !== lastLength || !sameBytes(bytes, start, bytes, lastStart, length)) {
        lastCode = this.#codeOf(bytes, start, length);
        lastStart = start;
        lastLength = length;
      }
      out[at + i] = lastCode;
    }
  }

  #codeOf(bytes: Uint8Array, start: number, length: number): number {
    let hash = length;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    // The low bits of FNV are weak.
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot]! - 1;
      if (code === -1) {
        const fresh = this.#keep(bytes, start, length, hash);
        this.#slots[slot] = fresh + 1;
        if (2 * this.dictionary.length > this.#slots.length) this.#grow();
        return fresh;
      }
      if (
        this.#hashes[code] === hash &&
        this.#lengths[code] === length &&
        sameBytes(bytes, start, this.#bytes, this.#starts[code]!, length)
      )
        return code;
    }
  }

  #keep(bytes: Uint8Array, start: number, length: number, hash: number): number {
    const code = this.dictionary.length;
    const piece = bytes.subarray(start, start + length);
    try {
      this.dictionary.push(this.#decoder.decode(piece));
    } catch {
      throw new Damage(`text that is no UTF-8: bytes ${Buffer.from(piece.subarray(0, 32)).toString('hex')}`);
    }
    if (code === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, 2 * code);
      this.#starts = grown(this.#starts, 2 * code);
      this.#lengths = grown(this.#lengths, 2 * code);
    }
    if (this.#used + length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#used + length));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#hashes[code] = hash;
    this.#starts[code] = this.#used;
    this.#lengths[code] = length;
    this.#bytes.set(piece, this.#used);
    this.#used += length;
    return code;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let code = 0; code < this.dictionary.length; code++) {
      let slot = this.#hashes[code]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.#slots = slots;
  }
}

function grown(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}
