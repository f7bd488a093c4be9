/** Most distinct values that a dictionary of numbers may have: their indices then take at most 16 bits. */
const MOST_ENTRIES = 1 << 16;
/** Values looked at before a whole column is. */
const SAMPLE = 2048;

/** Distinct values of a column, and the number of the entry of each value. */
export interface WordDictionary {
  /** One word an entry, or two. */
  readonly entries: Int32Array;
  readonly size: number;
  readonly codes: Int32Array;
}

/**
 * Numbers the distinct values of a column, as bits: −0 is not +0, and every NaN is itself. An open-addressing hash table.
 * @param words one word a value, or two
 * @param count of values
 * @param step words a value
 * @returns the dictionary; null when there are too many distinct values for it to be worth while
 */
export function wordDictionary(words: Int32Array, count: number, step: 1 | 2): WordDictionary | null {
  if (count === 0) return null;
  const table = new WordTable(step);
  if (count > 4 * SAMPLE) {
    // A stretch is not enough: sorted columns change slowly.
    const stride = Math.floor(count / SAMPLE);
    const sample = new Int32Array(SAMPLE * step);
    for (let i = 0; i < SAMPLE; i++)
      for (let w = 0; w < step; w++) sample[i * step + w] = words[i * stride * step + w]!;
    const probe = new WordTable(step);
    if (!probe.add(sample, SAMPLE, new Int32Array(SAMPLE), SAMPLE / 2)) return null;
  }
  const codes = new Int32Array(count);
  // An entry must be used several times to save anything.
  const most = Math.min(MOST_ENTRIES, Math.max(16, count >> 2));
  if (!table.add(words, count, codes, most)) return null;
  return { entries: table.entries.slice(0, table.size * step), size: table.size, codes };
}

class WordTable {
  entries: Int32Array;
  size = 0;
  readonly #step: 1 | 2;
  #slots = new Int32Array(1024);

  constructor(step: 1 | 2) {
    this.#step = step;
    this.entries = new Int32Array(512 * step);
  }

  /** Codes all values, or gives up at more than `most` distinct ones. */
  add(words: Int32Array, count: number, codes: Int32Array, most: number): boolean {
    return this.#step === 1
      ? this.#addWords(words, count, codes, most)
      : this.#addPairs(words, count, codes, most);
  }

  #addWords(words: Int32Array, count: number, codes: Int32Array, most: number): boolean {
    let last = 0;
    let lastCode = -1;
    for (let i = 0; i < count; i++) {
      const value = words[i]!;
      if (value !== last || lastCode === -1) {
        const mask = this.#slots.length - 1;
        let slot = hash(value) & mask;
        let code = this.#slots[slot]! - 1;
        while (code !== -1 && this.entries[code] !== value) {
          slot = (slot + 1) & mask;
          code = this.#slots[slot]! - 1;
        }
        if (code === -1) {
          if (this.size >= most) return false;
          code = this.#insert(slot, value, 0);
        }
        last = value;
        lastCode = code;
      }
      codes[i] = lastCode;
    }
    return true;
  }

  #addPairs(words: Int32Array, count: number, codes: Int32Array, most: number): boolean {
    let lastLow = 0;
    let lastHigh = 0;
    let lastCode = -1;
    for (let i = 0, at = 0; i < count; i++, at += 2) {
      const low = words[at]!;
      const high = words[at + 1]!;
      if (low !== lastLow || high !== lastHigh || lastCode === -1) {
        const mask = this.#slots.length - 1;
        let slot = hashPair(low, high) & mask;
        let code = this.#slots[slot]! - 1;
        while (code !== -1 && (this.entries[2 * code] !== low || this.entries[2 * code + 1] !== high)) {
          slot = (slot + 1) & mask;
          code = this.#slots[slot]! - 1;
        }
        if (code === -1) {
          if (this.size >= most) return false;
          code = this.#insert(slot, low, high);
        }
        lastLow = low;
        lastHigh = high;
        lastCode = code;
      }
      codes[i] = lastCode;
    }
    return true;
  }

  #insert(slot: number, low: number, high: number): number {
    const code = this.size++;
    const step = this.#step;
    if (code * step === this.entries.length) {
      const larger = new Int32Array(2 * this.entries.length);
      larger.set(this.entries);
      this.entries = larger;
    }
    this.entries[code * step] = low;
    if (step === 2) this.entries[code * step + 1] = high;
    this.#slots[slot] = code + 1;
    if (2 * this.size > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const slots = new Int32Array(4 * this.#slots.length);
    const mask = slots.length - 1;
    const step = this.#step;
    for (let code = 0; code < this.size; code++) {
      const low = this.entries[code * step]!;
      let slot = (step === 1 ? hash(low) : hashPair(low, this.entries[code * step + 1]!)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.#slots = slots;
  }
}

/** Finaliser of MurmurHash3: every bit of the value moves every bit of the hash. */
function hash(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hashPair(low: number, high: number): number {
  return hash(low ^ Math.imul(high, 0x9e3779b1));
}
