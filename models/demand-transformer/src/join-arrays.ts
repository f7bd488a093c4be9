/** Arrays that numbers of series are kept in. */
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * @param parts at least one
 * @returns an array of the same kind with all numbers, part after part
 */
export function joinArrays<T extends NumberArray>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (parts[0]!.constructor as new (size: number) => T)(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
