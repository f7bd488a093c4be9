import { createHash, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, StoreError } from '@hemline/core';
import type { ObjectWriter, WriteCondition, WrittenObject } from '../store.ts';
import { mayPass, s3Failure, statusOf } from './s3-failure.ts';
import type { S3Location } from './s3-location.ts';

/** Metadata by which a writer knows what it wrote itself. */
const WRITE_ID = 'hemline-write';
const FIRST_PART_BYTES = 8 << 20;
/** Parts grow so that 10,000 of them, S3's limit, hold 5 TiB, S3's other limit. */
const PARTS_BEFORE_GROWTH = 1000;
const PARTS_AT_A_TIME = 4;
const ATTEMPTS = 5;
const PAUSE_MS = 100;

/**
 * An object in the making: small ones are put at once, larger ones go up in parts while they are written. Nothing is seen
 * before the last request. When that request's answer is lost, the object's metadata tells whose it is.
 */
export class S3Upload implements ObjectWriter {
  readonly #client: S3Client;
  readonly #location: S3Location;
  readonly #key: string;
  readonly #url: string;
  readonly #condition: WriteCondition;
  readonly #hash = createHash('sha256');
  readonly #writeId = randomUUID();
  readonly #parts: CompletedPart[] = [];
  readonly #sending = new Set<Promise<void>>();
  #failure: unknown = null;
  #part = new Uint8Array(FIRST_PART_BYTES);
  #filled = 0;
  #bytes = 0;
  #partCount = 0;
  #uploadId: string | null = null;
  #isDone = false;

  /**
   * @param client of the endpoint
   * @param location of the object
   * @param key for the answer
   * @param condition when it may be committed
   */
  constructor(client: S3Client, location: S3Location, key: string, condition: WriteCondition) {
    this.#client = client;
    this.#location = location;
    this.#key = key;
    this.#url = `s3://${location.bucket}/${location.key}`;
    this.#condition = condition;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#checkOpen();
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    for (let start = 0; start < chunk.length;) {
      const piece = chunk.subarray(start, start + this.#part.length - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      start += piece.length;
      if (this.#filled === this.#part.length) await this.#sendPart();
    }
  }

  async commit(): Promise<WrittenObject> {
    this.#checkOpen();
    try {
      const etag = this.#uploadId === null ? await this.#put() : await this.#complete();
      this.#isDone = true;
      return { key: this.#key, bytes: this.#bytes, version: etag, sha256: this.#hash.digest('hex') };
    } catch (error) {
      throw s3Failure(error, 's3:PutObject', this.#url);
    }
  }

  /** Parts that are not given back cost money. Should S3 not answer here, `clean` finds them later. */
  async abort(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    // A part that arrives after the upload was given up would stay.
    await Promise.allSettled(this.#sending);
    if (this.#uploadId === null) return;
    const request = { ...this.#target(), UploadId: this.#uploadId };
    await retried(() => this.#client.send(new AbortMultipartUploadCommand(request))).catch(() => undefined);
  }

  #checkOpen(): void {
    if (!this.#isDone) return;
    throw new StoreError('the object is committed or given up', {
      expected: 'no use of a writer after its end',
      where: { file: this.#url },
    });
  }

  #target(): { Bucket: string; Key: string } {
    return { Bucket: this.#location.bucket, Key: this.#location.key };
  }

  async #sendPart(): Promise<void> {
    const body = this.#part.subarray(0, this.#filled);
    const next = this.#part.length * ((this.#partCount + 1) % PARTS_BEFORE_GROWTH === 0 ? 2 : 1);
    this.#filled = 0;
    try {
      this.#uploadId ??= await this.#begin();
      while (this.#sending.size >= PARTS_AT_A_TIME) await Promise.race(this.#sending);
      if (this.#failure !== null) throw this.#failure;
    } catch (error) {
      // The part is lost: from here on nothing may be committed.
      this.#failure ??= error;
      throw s3Failure(error, 's3:PutObject', this.#url);
    }
    // The part that is on its way keeps its memory.
    this.#part = new Uint8Array(next);
    const number = ++this.#partCount;
    const sent: Promise<void> = this.#send(number, body)
      .catch((error: unknown) => void (this.#failure ??= error))
      .finally(() => this.#sending.delete(sent));
    this.#sending.add(sent);
  }

  async #begin(): Promise<string> {
    const request = { ...this.#target(), Metadata: { [WRITE_ID]: this.#writeId } };
    const { UploadId: id } = await this.#client.send(new CreateMultipartUploadCommand(request));
    return id!;
  }

  async #send(number: number, body: Uint8Array): Promise<void> {
    const request = { ...this.#target(), UploadId: this.#uploadId!, PartNumber: number, Body: body };
    const { ETag: etag, ChecksumCRC32: crc } = await this.#client.send(new UploadPartCommand(request));
    this.#parts.push({
      PartNumber: number,
      ETag: etag,
      ...(crc === undefined ? {} : { ChecksumCRC32: crc }),
    });
  }

  async #put(): Promise<string> {
    if (this.#failure !== null) throw this.#failure;
    const request = new PutObjectCommand({
      ...this.#target(),
      Body: this.#part.subarray(0, this.#filled),
      Metadata: { [WRITE_ID]: this.#writeId },
      ...this.#ifAbsent(),
    });
    return this.#last(async () => (await this.#client.send(request)).ETag ?? '');
  }

  async #complete(): Promise<string> {
    if (this.#filled > 0) await this.#sendPart();
    await Promise.all(this.#sending);
    if (this.#failure !== null) throw this.#failure;
    const request = new CompleteMultipartUploadCommand({
      ...this.#target(),
      UploadId: this.#uploadId!,
      MultipartUpload: { Parts: this.#parts.sort((a, b) => a.PartNumber! - b.PartNumber!) },
      ...this.#ifAbsent(),
    });
    return this.#last(async () => (await this.#client.send(request)).ETag ?? '');
  }

  #ifAbsent(): { IfNoneMatch?: string } {
    return this.#condition.ifAbsent === true ? { IfNoneMatch: '*' } : {};
  }

  /**
   * Makes the request that shows the object. Whatever the answer says, it may have taken place: the SDK repeats a request
   * whose answer was lost, and the repetition is refused since the object is there, or the upload is not any more.
   */
  async #last(request: () => Promise<string>): Promise<string> {
    try {
      return await request();
    } catch (error) {
      const there = await this.#there(error);
      if (there?.isOurs === true) return there.etag;
      const status = statusOf(error);
      // 409: another conditional write was under way. Should it have come to nothing, this one may be tried again.
      if (this.#condition.ifAbsent === true && (status === 412 || (status === 409 && there !== null)))
        throw new ConflictError('the object is there already', {
          expected: 'no object of this name',
          where: { file: this.#url },
          remedy: 'Another writer was first: use what it wrote, or write under another name.',
          cause: error,
        });
      throw error;
    }
  }

  /** The object that is there, and whether this writer wrote it. */
  async #there(error: unknown): Promise<{ etag: string; isOurs: boolean } | null> {
    if ([400, 401, 403].includes(statusOf(error))) return null;
    try {
      const head = await retried(() => this.#client.send(new HeadObjectCommand(this.#target())));
      return { etag: head.ETag ?? '', isOurs: head.Metadata?.[WRITE_ID] === this.#writeId };
    } catch (problem) {
      if (statusOf(problem) === 404) return null;
      throw error;
    }
  }
}

async function retried<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!mayPass(error) || attempt >= ATTEMPTS) throw error;
      await sleep(PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
