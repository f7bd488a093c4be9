import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { coalesceRanges, type ByteRange, type ByteSource } from '@hemline/parquet';
import type { StoreObject } from '../store.ts';
import { inParallel } from '../in-parallel.ts';
import { mayPass, s3Failure } from './s3-failure.ts';
import type { S3Location } from './s3-location.ts';

/** Bytes between two ranges that are cheaper to read than a second request. */
const GAP = 1 << 20;
const LARGEST_REQUEST = 1 << 24;
const REQUESTS_AT_A_TIME = 8;
/** Attempts to read on where a body broke off. */
const ATTEMPTS = 6;
/** A body that brings nothing for so long is given up. */
const STALL_MS = 20_000;
const FIRST_PAUSE_MS = 50;

/** An object, read by range. All reads are of the version that was there when it was opened. */
export class S3Source implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #client: S3Client;
  readonly #location: S3Location;
  readonly #etag: string;
  readonly #stallMs: number;

  private constructor(
    client: S3Client,
    location: S3Location,
    url: string,
    size: number,
    etag: string,
    stallMs: number,
  ) {
    this.#client = client;
    this.#location = location;
    this.name = url;
    this.size = size;
    this.#etag = etag;
    this.#stallMs = stallMs;
  }

  /**
   * @param client of the endpoint
   * @param location of the object
   * @param stallMs how long a body may bring nothing
   * @returns the object; only its size is known so far
   * @throws DataError when there is none
   */
  static async open(client: S3Client, location: S3Location, stallMs = STALL_MS): Promise<S3Source> {
    const url = `s3://${location.bucket}/${location.key}`;
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: location.bucket, Key: location.key }));
      return new S3Source(client, location, url, head.ContentLength ?? 0, head.ETag ?? '', stallMs);
    } catch (error) {
      throw s3Failure(error, 's3:GetObject', url);
    }
  }

  /**
   * An object whose size and version are known.
   * @param client of the endpoint
   * @param location of the object
   * @param object as it was found
   * @returns the object, open
   */
  static of(client: S3Client, location: S3Location, { bytes, version }: StoreObject): S3Source {
    return new S3Source(
      client,
      location,
      `s3://${location.bucket}/${location.key}`,
      bytes,
      version,
      STALL_MS,
    );
  }

  async read(range: ByteRange): Promise<Uint8Array> {
    const [bytes] = await this.readMany([range]);
    return bytes!;
  }

  async readMany(ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    const reads = coalesceRanges(ranges, GAP, LARGEST_REQUEST);
    const wholes = reads.map(({ start, end }) => new Uint8Array(end - start));
    const requests = reads.flatMap(({ start, end }, i) => {
      const pieces = Math.max(1, Math.ceil((end - start) / LARGEST_REQUEST));
      return Array.from({ length: pieces }, (_, piece) => {
        const from = start + piece * LARGEST_REQUEST;
        const to = Math.min(end, from + LARGEST_REQUEST);
        return { from, target: wholes[i]!.subarray(from - start, to - start) };
      });
    });
    await inParallel(requests, REQUESTS_AT_A_TIME, ({ from, target }) => this.#fill(from, target));
    const parts = new Array<Uint8Array>(ranges.length);
    reads.forEach((read, i) => {
      for (const member of read.members) {
        const { start, end } = ranges[member]!;
        parts[member] = wholes[i]!.subarray(start - read.start, end - read.start);
      }
    });
    return parts;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Reads on where a body broke off: what came before is good. */
  async #fill(start: number, target: Uint8Array): Promise<void> {
    let filled = 0;
    for (let attempt = 1; filled < target.length; attempt++) {
      const before = filled;
      try {
        for await (const chunk of this.#body(start + filled, start + target.length)) {
          if (chunk.length > target.length - filled) throw new Error('more bytes came than were asked for');
          target.set(chunk, filled);
          filled += chunk.length;
        }
        if (filled < target.length)
          throw new Error(`the body ended ${target.length - filled} bytes too early`);
      } catch (error) {
        if (!mayPass(error) || attempt >= ATTEMPTS) throw s3Failure(error, 's3:GetObject', this.name);
        // A slow line that brings something is not a broken one.
        if (filled > before) attempt = 1;
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + Math.random()));
      }
    }
  }

  async *#body(start: number, end: number): AsyncGenerator<Uint8Array> {
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const stalled = (): void => abort.abort(new Error(`nothing came for ${this.#stallMs} ms`));
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stalled, this.#stallMs);
    };
    try {
      const { bucket, key } = this.#location;
      const request = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        Range: `bytes=${start}-${end - 1}`,
        ...(this.#etag === '' ? {} : { IfMatch: this.#etag }),
      });
      const { Body: body } = await this.#client.send(request);
      watch();
      const stream = body as AsyncIterable<Uint8Array> & { destroy(error?: Error): void };
      abort.signal.addEventListener('abort', () => stream.destroy(abort.signal.reason as Error));
      for await (const chunk of stream) {
        watch();
        yield chunk;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
