import { concatColumns, type Column, type StringColumn } from '@hemline/core';
import type { LeafType } from './parquet-types.ts';

/** Values of one decoded page run; missing ones are null or undefined. */
type DecodedValues = ArrayLike<unknown>;

/** Turns hyparquet's decoded values of one column chunk into a typed column: one loop per type, no boxed copies. */
export class ColumnCollector {
  readonly #leaf: LeafType;
  readonly #parts: Column[] = [];
  /** Shared by all runs of the chunk, so that joining them needs no recoding. */
  readonly #dictionary: string[] = [];
  readonly #codeOf = new Map<string, number>();

  /** @param leaf the column's type */
  constructor(leaf: LeafType) {
    this.#leaf = leaf;
  }

  /**
   * Takes a run of values in.
   * @param values as hyparquet decoded them, dates as days and timestamps as bigint
   */
  add(values: DecodedValues): void {
    const { type } = this.#leaf;
    const validity = validityOf(values);
    const length = values.length;
    switch (type) {
      case 'float64':
        this.#parts.push({
          type,
          length,
          validity,
          values: values instanceof Float64Array ? values : numbersInto(new Float64Array(length), values),
        });
        break;
      case 'float32':
        this.#parts.push({
          type,
          length,
          validity,
          values: values instanceof Float32Array ? values : numbersInto(new Float32Array(length), values),
        });
        break;
      case 'int32':
      case 'date':
        this.#parts.push({
          type,
          length,
          validity,
          values: values instanceof Int32Array ? values : numbersInto(new Int32Array(length), values),
        });
        break;
      case 'int64':
        this.#parts.push({ type, length, validity, values: bigintsOf(values) });
        break;
      case 'timestamp':
        this.#parts.push({ type, unit: this.#leaf.unit!, length, validity, values: bigintsOf(values) });
        break;
      case 'bool': {
        const bytes = new Uint8Array(length);
        for (let row = 0; row < length; row++) bytes[row] = values[row] === true ? 1 : 0;
        this.#parts.push({ type, length, validity, values: bytes });
        break;
      }
      case 'string':
        this.#parts.push({
          type,
          length,
          validity,
          values: this.#codesOf(values),
          dictionary: this.#dictionary,
        });
        break;
    }
  }

  /**
   * The whole column.
   * @returns it; null when nothing was taken in
   */
  finish(): Column | null {
    if (this.#parts.length === 0) return null;
    if (this.#leaf.type !== 'string') return concatColumns(this.#parts);
    const codes = this.#parts.map((part) => ({ ...part, type: 'int32' }) as Column);
    const joined = concatColumns(codes);
    return {
      type: 'string',
      length: joined.length,
      values: joined.values as Int32Array,
      dictionary: this.#dictionary,
      validity: joined.validity,
    } satisfies StringColumn;
  }

  #codesOf(values: DecodedValues): Int32Array {
    const codes = new Int32Array(values.length);
    // Equal neighbours are common (sorted keys): one comparison then replaces a look-up.
    let lastText: string | null = null;
    let lastCode = 0;
    for (let row = 0; row < codes.length; row++) {
      const text = values[row] as string | null | undefined;
      if (text === null || text === undefined) continue;
      if (text !== lastText) {
        lastText = text;
        lastCode = this.#code(text);
      }
      codes[row] = lastCode;
    }
    return codes;
  }

  #code(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#dictionary.length;
      this.#codeOf.set(text, code);
      this.#dictionary.push(text);
    }
    return code;
  }
}

function validityOf(values: DecodedValues): Uint8Array | null {
  if (ArrayBuffer.isView(values)) return null;
  let validity: Uint8Array | null = null;
  for (let row = 0; row < values.length; row++) {
    if (values[row] !== null && values[row] !== undefined) continue;
    if (validity === null) {
      validity = new Uint8Array((values.length + 7) >> 3).fill(0xff);
      if (values.length % 8 !== 0) validity[validity.length - 1] = (1 << (values.length % 8)) - 1;
    }
    validity[row >> 3]! &= ~(1 << (row & 7));
  }
  return validity;
}

function numbersInto<A extends Float64Array | Float32Array | Int32Array>(
  target: A,
  values: DecodedValues,
): A {
  for (let row = 0; row < target.length; row++) target[row] = (values[row] as number | null | undefined) ?? 0;
  return target;
}

function bigintsOf(values: DecodedValues): BigInt64Array {
  if (values instanceof BigInt64Array) return values;
  const bigints = new BigInt64Array(values.length);
  for (let row = 0; row < bigints.length; row++) {
    const value = values[row] as bigint | null | undefined;
    if (value !== null && value !== undefined) bigints[row] = value;
  }
  return bigints;
}
