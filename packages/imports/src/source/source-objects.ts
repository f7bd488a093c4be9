import { posix } from 'node:path';
import { openStore } from '@hemline/stores';

/** Everything at a place, and whether it is named or lies in a folder that is. */
export interface FoundPaths {
  readonly named: boolean;
  readonly paths: readonly string[];
}

/**
 * Finds objects of S3 as files are found: an object, all below a prefix, or those that match a glob.
 * @param url of an object, a prefix, or a glob
 * @returns their URLs
 */
export async function objectsAt(url: string): Promise<FoundPaths> {
  const glob = url.search(/[*?[{]/);
  const folder = url.slice(0, url.lastIndexOf('/', glob === -1 ? undefined : glob));
  const pattern = url.slice(folder.length + 1);
  if (glob !== -1) {
    const paths: string[] = [];
    const store = await openStore(folder);
    for await (const { key } of store.list())
      if (posix.matchesGlob(key, pattern)) paths.push(`${folder}/${key}`);
    return { named: true, paths };
  }
  if (await isObject(url)) return { named: true, paths: [url] };
  const whole = url.replace(/\/+$/, '');
  const paths: string[] = [];
  for await (const { key } of (await openStore(whole)).list()) paths.push(`${whole}/${key}`);
  return { named: false, paths };
}

/**
 * @param url of an object or a prefix
 * @returns whether it is an object
 */
export async function isObject(url: string): Promise<boolean> {
  const at = url.lastIndexOf('/');
  const [folder, name] = [url.slice(0, at), url.slice(at + 1)];
  if (name === '' || folder === 's3:/') return false;
  return (await (await openStore(folder)).stat(name)) !== null;
}
