import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ByteSource } from '@hemline/parquet';
import type { ObjectWriter, WrittenObject } from '../store.ts';

/** Bytes asked of a store at once when an object is read from end to end. */
const PIECE = 8 << 20;

/** What tells one content from another. */
export interface ContentCheck {
  readonly bytes: number;
  readonly sha256: string;
  readonly crc32: number;
}

/**
 * Reads an object from end to end.
 * @param source an open object
 * @returns its size and checksums
 */
export async function checkContent(source: ByteSource): Promise<ContentCheck> {
  const hash = createHash('sha256');
  let crc = 0;
  for (let start = 0; start < source.size; start += PIECE) {
    const piece = await source.read({ start, end: Math.min(source.size, start + PIECE) });
    hash.update(piece);
    crc = crc32(piece, crc);
  }
  return { bytes: source.size, sha256: hash.digest('hex'), crc32: crc };
}

/**
 * A writer that also knows a cheap checksum of what it was given, whatever becomes of its commit: with it a lost race is
 * told from a contradiction.
 */
export class CheckedWriter implements ObjectWriter {
  readonly #writer: ObjectWriter;
  #crc = 0;

  /** @param writer that takes the bytes */
  constructor(writer: ObjectWriter) {
    this.#writer = writer;
  }

  get bytes(): number {
    return this.#writer.bytes;
  }

  /** CRC-32 of the bytes so far. */
  get crc32(): number {
    return this.#crc;
  }

  write(chunk: Uint8Array): Promise<void> {
    this.#crc = crc32(chunk, this.#crc);
    return this.#writer.write(chunk);
  }

  commit(): Promise<WrittenObject> {
    return this.#writer.commit();
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }
}
