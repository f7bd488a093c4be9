import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ConfigurationError } from '@hemline/core';
import type { FolderContent, RunFiles } from './step-services.ts';

/** Small files of a run in S3: endpoint, region and credentials are those of the environment. */
export class S3Files implements RunFiles {
  readonly #client = new S3Client({});

  async read(uri: string): Promise<string | null> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(place(uri)));
      return (await Body?.transformToString()) ?? null;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

  async write(uri: string, text: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...place(uri), Body: text }));
  }

  async writeIfAbsent(uri: string, text: string): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ ...place(uri), Body: text, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      // 412: it is there; 409: another writer is at it this moment, and will have it.
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || status === 409) return false;
      throw error;
    }
  }

  async list(prefix: string): Promise<string[]> {
    const { Bucket } = place(prefix);
    const found: string[] = [];
    for await (const { Contents = [] } of this.#pages(prefix))
      for (const { Key } of Contents) found.push(`s3://${Bucket}/${Key}`);
    return found;
  }

  async folder(uri: string): Promise<FolderContent> {
    const { Bucket } = place(uri);
    const objects: FolderContent['objects'][number][] = [];
    const folders: string[] = [];
    for await (const { Contents = [], CommonPrefixes = [] } of this.#pages(uri, '/')) {
      for (const { Key, LastModified } of Contents)
        objects.push({ uri: `s3://${Bucket}/${Key}`, at: LastModified!.toISOString() });
      for (const { Prefix } of CommonPrefixes) folders.push(`s3://${Bucket}/${Prefix}`);
    }
    return { objects, folders };
  }

  async *#pages(prefix: string, delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    const { Bucket, Key } = place(prefix);
    for (let token: string | undefined; ;) {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: Key,
          ContinuationToken: token,
          ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
        }),
      );
      yield page;
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  }
}

function place(uri: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined)
    throw new ConfigurationError('this is no place in S3', { expected: 's3://bucket/key', found: uri });
  return { Bucket, Key };
}
