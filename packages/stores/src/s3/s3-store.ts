import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ByteSource } from '@hemline/parquet';
import type { ObjectWriter, Store, StoreObject, WriteCondition, WrittenObject } from '../store.ts';
import { inParallel } from '../in-parallel.ts';
import { ABANDONED_MS } from '../unfinished-file.ts';
import { s3Failure, statusOf } from './s3-failure.ts';
import type { S3Location } from './s3-location.ts';
import { S3Source } from './s3-source.ts';
import { S3Upload } from './s3-upload.ts';

const REQUESTS_AT_A_TIME = 8;

/** A bucket's prefix as a store. */
export class S3Store implements Store {
  readonly url: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  /** Ends in a slash, or is empty. */
  readonly #prefix: string;

  /**
   * @param client of the endpoint
   * @param location bucket and prefix
   */
  constructor(client: S3Client, { bucket, key }: S3Location) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = key === '' ? '' : `${key}/`;
    this.url = `s3://${bucket}${key === '' ? '' : `/${key}`}`;
  }

  async *list(prefix = ''): AsyncGenerator<StoreObject> {
    const below = prefix === '' ? this.#prefix : `${this.#prefix}${prefix.replace(/\/$/, '')}/`;
    try {
      const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: below });
      for await (const page of pages) {
        for (const { Key: key, Size: bytes, ETag: etag } of page.Contents ?? []) {
          // Consoles make empty objects that stand for folders.
          if (key!.endsWith('/')) continue;
          yield { key: key!.slice(this.#prefix.length), bytes: bytes ?? 0, version: etag ?? '' };
        }
      }
    } catch (error) {
      throw s3Failure(error, 's3:ListBucket', this.url);
    }
  }

  async stat(key: string): Promise<StoreObject | null> {
    try {
      const head = await this.#client.send(new HeadObjectCommand(this.#target(key)));
      return { key, bytes: head.ContentLength ?? 0, version: head.ETag ?? '' };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw s3Failure(error, 's3:GetObject', this.urlOf(key));
    }
  }

  open(key: string): Promise<ByteSource> {
    return S3Source.open(this.#client, this.#location(key));
  }

  async read(key: string): Promise<Uint8Array | null> {
    const found = await this.stat(key);
    if (found === null) return null;
    if (found.bytes === 0) return new Uint8Array(0);
    const source = S3Source.of(this.#client, this.#location(key), found);
    return source.read({ start: 0, end: found.bytes });
  }

  create(key: string, condition: WriteCondition = {}): Promise<ObjectWriter> {
    return Promise.resolve(new S3Upload(this.#client, this.#location(key), key, condition));
  }

  async write(
    key: string,
    content: Uint8Array | string,
    condition: WriteCondition = {},
  ): Promise<WrittenObject> {
    const writer = await this.create(key, condition);
    try {
      await writer.write(typeof content === 'string' ? Buffer.from(content) : content);
      return await writer.commit();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#target(key)));
    } catch (error) {
      throw s3Failure(error, 's3:DeleteObject', this.urlOf(key));
    }
  }

  async clean(prefix = '', age = ABANDONED_MS): Promise<void> {
    const below = `${this.#prefix}${prefix.replace(/\/$/, '')}`;
    try {
      const left: { Key: string; UploadId: string }[] = [];
      let next: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
      while (next !== null) {
        const request: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
          Bucket: this.#bucket,
          Prefix: below,
          ...next,
        });
        const page = await this.#client.send(request);
        for (const { Key: key, UploadId: id, Initiated: begun } of page.Uploads ?? []) {
          if (begun === undefined || Date.now() - begun.getTime() < age) continue;
          // S3 compares letters, not parts: `market=D` is no prefix of `market=DE/…`.
          if (prefix === '' || key === below || key!.startsWith(`${below}/`))
            left.push({ Key: key!, UploadId: id! });
        }
        next =
          page.IsTruncated === true
            ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
            : null;
      }
      await inParallel(left, REQUESTS_AT_A_TIME, async (upload) => {
        const request = new AbortMultipartUploadCommand({ Bucket: this.#bucket, ...upload });
        try {
          await this.#client.send(request);
        } catch (error) {
          // Another has done it meanwhile.
          if (statusOf(error) !== 404) throw error;
        }
      });
    } catch (error) {
      throw s3Failure(error, 's3:ListBucketMultipartUploads and s3:AbortMultipartUpload', this.url);
    }
  }

  urlOf(key: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${key}`;
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }

  #location(key: string): S3Location {
    return { bucket: this.#bucket, key: `${this.#prefix}${key}` };
  }
}
