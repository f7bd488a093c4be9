import { ByteWriter } from 'hyparquet-writer';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';

/** A struct of Thrift's compact protocol: `field_N` is field N; integers are i32, bigints i64. */
export type ThriftStruct = { readonly [field: `field_${number}`]: ThriftValue };
type ThriftValue =
  undefined | boolean | number | bigint | string | Uint8Array | ThriftStruct | readonly ThriftValue[];

/**
 * @param struct to serialise
 * @returns its bytes
 */
export function thriftBytes(struct: ThriftStruct): Uint8Array {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer as never, struct as never);
  return writer.getBytes();
}
