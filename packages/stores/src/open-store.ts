import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@hemline/core';
import { FileSource, type ByteSource } from '@hemline/parquet';
import { FileStore, FileWriter } from './file-store.ts';
import type { S3Options } from './s3/s3-client.ts';
import type { ObjectWriter, Store, WriteCondition } from './store.ts';

/** Where a store is, when its address does not say. */
export interface StoreOptions {
  readonly s3?: S3Options;
}

/**
 * Opens a store.
 * @param url of a folder (path or `file://`) or a prefix (`s3://bucket/prefix`)
 * @param options of S3
 * @returns the store; nothing has been read or made
 * @throws ConfigurationError for a scheme that is not known
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  if (!isS3(url)) return new FileStore(pathOf(url));
  const { S3Store, s3Client, parseS3Url } = await s3();
  return new S3Store(s3Client(options.s3), parseS3Url(url));
}

/**
 * Opens one object for ranged reads.
 * @param url of a file (path or `file://`) or an object (`s3://bucket/key`)
 * @param options of S3
 * @returns its bytes
 */
export async function openSource(url: string, options: StoreOptions = {}): Promise<ByteSource> {
  if (!isS3(url)) return FileSource.open(pathOf(url));
  const { S3Source, s3Client, parseS3Url } = await s3();
  return S3Source.open(s3Client(options.s3), parseS3Url(url));
}

/**
 * Begins one object.
 * @param url of a file (path or `file://`) or an object (`s3://bucket/key`)
 * @param condition when it may be committed
 * @param options of S3
 * @returns the writer
 */
export async function openObject(
  url: string,
  condition: WriteCondition = {},
  options: StoreOptions = {},
): Promise<ObjectWriter> {
  if (isS3(url)) {
    const { S3Upload, s3Client, parseS3Url } = await s3();
    return new S3Upload(s3Client(options.s3), parseS3Url(url), url, condition);
  }
  const path = pathOf(url);
  return FileWriter.open(path, path, condition);
}

/**
 * @param url of a store or an object
 * @returns whether it is in S3, and not in the file system
 */
export function isS3(url: string): boolean {
  return url.startsWith('s3://');
}

/** The SDK takes a quarter of a second to load: only those who need it wait. */
async function s3() {
  const [{ S3Store }, { S3Source }, { S3Upload }, { s3Client }, { parseS3Url }] = await Promise.all([
    import('./s3/s3-store.ts'),
    import('./s3/s3-source.ts'),
    import('./s3/s3-upload.ts'),
    import('./s3/s3-client.ts'),
    import('./s3/s3-location.ts'),
  ]);
  return { S3Store, S3Source, S3Upload, s3Client, parseS3Url };
}

function pathOf(url: string): string {
  if (url.startsWith('file:')) return fileURLToPath(url);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1];
  if (scheme === undefined) return resolve(url);
  throw new ConfigurationError('a place of this kind is not known', {
    expected: 'a path, file:// or s3://',
    found: url,
  });
}
