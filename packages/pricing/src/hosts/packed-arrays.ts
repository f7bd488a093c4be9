import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Arrays that can be packed. */
type Packable = Float64Array | Int32Array | Uint8Array;

const TYPES = { Float64Array, Int32Array, Uint8Array } as const;

interface Header {
  readonly told: unknown;
  readonly arrays: readonly { readonly type: keyof typeof TYPES; readonly length: number }[];
}

/** A few facts and some arrays, as one object of a store. */
export interface Packed<T> {
  readonly told: T;
  readonly arrays: readonly Packable[];
}

/**
 * Packs facts and arrays: the length of a JSON header, the header, and the arrays in the machine's byte order (little-endian wherever this
 * runs), zstd over all. The same content gives the same bytes.
 * @param packed what to pack; facts as JSON keeps them
 * @returns the bytes
 */
export function pack({ told, arrays }: Packed<unknown>): Uint8Array {
  const header: Header = {
    told,
    arrays: arrays.map((array) => ({
      type: array.constructor.name as keyof typeof TYPES,
      length: array.length,
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return zstdCompressSync(Buffer.concat([length, text, ...parts]));
}

/**
 * @param bytes of {@link pack}
 * @returns facts and arrays, in memory of their own
 */
export function unpack<T>(bytes: Uint8Array): Packed<T> {
  const all = zstdDecompressSync(bytes);
  const end = 4 + all.readUInt32LE(0);
  const header = JSON.parse(all.toString('utf8', 4, end)) as Header & { readonly told: T };
  let at = end;
  const arrays = header.arrays.map(({ type, length }) => {
    const Type = TYPES[type];
    const size = length * Type.BYTES_PER_ELEMENT;
    // A copy, since elements have to lie at multiples of their size.
    const own = new Uint8Array(all.subarray(at, at + size));
    at += size;
    return new Type(own.buffer, 0, length);
  });
  return { told: header.told, arrays };
}
