import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@hemline/core';

/** A folder that stands for a bucket. */
export interface LocalBucket {
  readonly folder: string;
  /** Files that lie elsewhere, by key: a descriptor for data whose folder is not ours to write to. */
  readonly overlay?: Readonly<Record<string, string>>;
}

/** An object of a local bucket. */
export interface LocalObject {
  readonly uri: string;
  readonly path: string;
  /** What of its key follows the prefix's last slash: where it goes below a job's folder. */
  readonly name: string;
}

/** Folders in place of S3's buckets: keys are paths, and prefixes match as in S3, by their letters. */
export class LocalBuckets {
  readonly #buckets: ReadonlyMap<string, LocalBucket>;

  /** @param buckets by name; without any, only `file:` is known */
  constructor(buckets: Readonly<Record<string, LocalBucket>> = {}) {
    this.#buckets = new Map(
      Object.entries(buckets).map(([name, bucket]) => [name, { ...bucket, folder: resolve(bucket.folder) }]),
    );
  }

  /**
   * @param uri `s3://bucket/key` of a bucket that is here, or `file:`
   * @returns the path
   * @throws ConfigurationError for a bucket that is not here
   */
  pathOf(uri: string): string {
    if (uri.startsWith('file:')) return fileURLToPath(uri);
    const { bucket, key } = this.#parse(uri);
    return bucket.overlay?.[key] ?? join(bucket.folder, ...key.split('/'));
  }

  /**
   * @param uri of an input
   * @returns the path of a folder of this machine that is named as such; null for prefixes and files
   */
  folderOf(uri: string): string | null {
    if (!uri.startsWith('file:')) return null;
    const path = fileURLToPath(uri);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : null;
  }

  /**
   * @param text any text
   * @returns its path where it is the URI of a bucket that is here, else the text
   */
  localize(text: string): string {
    const name = /^s3:\/\/([^/]+)\//.exec(text)?.[1];
    return name !== undefined && this.#buckets.has(name) ? this.pathOf(text) : text;
  }

  /**
   * The objects whose keys begin with a prefix, sorted as S3 sorts them, by key.
   * @param prefix URI of it
   * @returns the objects
   */
  list(prefix: string): LocalObject[] {
    if (prefix.startsWith('file:')) {
      const root = fileURLToPath(prefix);
      if (!existsSync(root)) return [];
      if (statSync(root).isFile()) return [{ uri: prefix, path: root, name: root.split(sep).at(-1)! }];
      return filesBelow(root).map((path) => ({
        uri: `${prefix.replace(/\/$/, '')}/${keyOf(root, path)}`,
        path,
        name: keyOf(root, path),
      }));
    }
    const { name, bucket, key } = this.#parse(prefix);
    const folderKey = key.slice(0, key.lastIndexOf('/') + 1);
    const top = join(bucket.folder, folderKey);
    const found = new Map<string, string>();
    for (const path of existsSync(top) ? filesBelow(top) : []) found.set(keyOf(bucket.folder, path), path);
    for (const [overKey, path] of Object.entries(bucket.overlay ?? {})) found.set(overKey, path);
    return [...found]
      .filter(([each]) => each.startsWith(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([each, path]) => ({ uri: `s3://${name}/${each}`, path, name: each.slice(folderKey.length) }));
  }

  #parse(uri: string): { readonly name: string; readonly bucket: LocalBucket; readonly key: string } {
    const [, name, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
    const bucket = name === undefined ? undefined : this.#buckets.get(name);
    if (name !== undefined && key !== undefined && bucket !== undefined) return { name, bucket, key };
    throw new ConfigurationError('a local run knows only its own buckets', {
      expected: `s3:// of ${[...this.#buckets.keys()].join(' or ')}`,
      found: uri,
      remedy: 'Copy the data to a folder first, and name that.',
    });
  }
}

function keyOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Links are followed: a folder of data may be linked together. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return stats.isDirectory() ? filesBelow(path) : [path];
  });
}
