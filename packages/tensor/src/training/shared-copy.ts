type NumberArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/**
 * Copies plain data with its typed arrays in shared memory: handed to threads, they are not copied again.
 * @param value objects, lists, typed arrays, and what structured clone takes besides
 * @returns the same data; typed arrays that are shared already are kept
 */
export function sharedCopy<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof SharedArrayBuffer) return value;
    const values = value as unknown as NumberArray;
    const buffer = new SharedArrayBuffer(values.byteLength);
    const copy = new (values.constructor as new (buffer: SharedArrayBuffer) => NumberArray)(buffer);
    copy.set(values);
    return copy as T;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => sharedCopy(one)) as T;
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sharedCopy(one)])) as T;
  return value;
}
