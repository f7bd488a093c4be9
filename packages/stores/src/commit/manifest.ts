import { DataError, listing } from '@hemline/core';
import { openStore } from '../open-store.ts';
import type { Store, StoreObject } from '../store.ts';
import { checkContent } from './content-check.ts';
import { provenanceText, sameProvenance, type Provenance } from './provenance.ts';

/** One committed partition. */
export interface ManifestFile {
  readonly partition: string;
  /** Relative to the output. */
  readonly file: string;
  /** Digest of everything the content depends on. */
  readonly inputHash: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What an output holds. */
export interface Manifest {
  readonly provenance: Provenance;
  /** Hosts that wrote the output: as many manifests belong to it. */
  readonly hosts: number;
  /** Sorted by name. */
  readonly files: readonly ManifestFile[];
}

/** What `_SUCCESS` says of its host's manifest: a few numbers, where a manifest of a million files has hundreds of megabytes. */
export interface ManifestTotals {
  readonly hosts: number;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * @param manifest of a host
 * @returns its totals
 */
export function totalsOf({ hosts, files }: Manifest): ManifestTotals {
  let [rows, bytes] = [0, 0];
  for (const file of files) {
    rows += file.rows;
    bytes += file.bytes;
  }
  return { hosts, files: files.length, rows, bytes };
}

const MANIFEST = /^manifest(-.+)?\.json$/;

/**
 * Reads the manifests of an output: one, or one a host.
 * @param output its folder, URL or store
 * @returns all their files, sorted by name
 * @throws DataError when one is missing, damaged or of another run, or two of them list the same file
 */
export async function readManifest(output: string | Store): Promise<Manifest> {
  const store = await storeOf(output);
  return (await readOutput(store)).manifest;
}

/**
 * Reads every file of an output and compares it with the manifest.
 * @param output its folder, URL or store
 * @returns the manifest
 * @throws DataError for the first file that is missing or differs, and for files that no manifest lists
 */
export async function verifyManifest(output: string | Store): Promise<Manifest> {
  const store = await storeOf(output);
  const { manifest, objects } = await readOutput(store);
  const listed = new Set(manifest.files.map(({ file }) => file));
  // What begins with an underscore is no data to any reader of folders.
  const unlisted = [...objects.keys()].filter(
    (key) => !listed.has(key) && !MANIFEST.test(key) && !/(^|\/)_/.test(key),
  );
  if (unlisted.length > 0) {
    throw new DataError('the output holds files that no manifest lists', {
      expected: `${listed.size} files`,
      found: listing(unlisted),
      where: { file: store.url },
      remedy:
        'A reader would take their rows for forecasts of this run: give every run an output of its own.',
    });
  }
  for (const { file, bytes, sha256 } of manifest.files) {
    const where = { file: store.urlOf(file) };
    const size = objects.get(file)?.bytes;
    if (size !== bytes)
      throw new DataError('a file of the manifest is not there as it was written', {
        expected: `${bytes} bytes`,
        found: size === undefined ? 'no file' : `${size} bytes`,
        where,
      });
    const source = await store.open(file);
    const found = await checkContent(source).finally(() => source.close());
    if (found.sha256 !== sha256)
      throw new DataError('a file differs from its manifest', {
        expected: `SHA-256 ${sha256}`,
        found: found.sha256,
        where,
      });
  }
  return manifest;
}

function storeOf(output: string | Store): Promise<Store> {
  return typeof output === 'string' ? openStore(output) : Promise.resolve(output);
}

async function readOutput(
  store: Store,
): Promise<{ manifest: Manifest; objects: ReadonlyMap<string, StoreObject> }> {
  const objects = new Map<string, StoreObject>();
  for await (const object of store.list()) objects.set(object.key, object);
  const names = [...objects.keys()].filter((key) => MANIFEST.test(key));
  const manifests = await Promise.all(names.map((name) => readOne(store, name)));
  return { manifest: merge(manifests, names, store.url), objects };
}

function merge(manifests: readonly Manifest[], names: readonly string[], url: string): Manifest {
  const [first] = manifests;
  const where = { file: url };
  if (first === undefined || manifests.some(({ hosts }) => hosts !== names.length)) {
    throw new DataError('the output lacks a manifest', {
      expected: first === undefined ? 'manifest.json' : `one of each of ${first.hosts} hosts`,
      found: names.join(', ') || 'none',
      where,
      remedy: 'The job that writes it has not ended well on every host: start it again.',
    });
  }
  const other = manifests.find(({ provenance }) => !sameProvenance(provenance, first.provenance));
  if (other !== undefined) {
    throw new DataError('the manifests of an output are of different runs', {
      expected: 'one run',
      found: [first, other].map(({ provenance }) => provenanceText(provenance)).join(', and '),
      where,
      remedy: 'Give every run an output of its own.',
    });
  }
  const files = manifests.flatMap((manifest) => manifest.files).sort((a, b) => (a.file < b.file ? -1 : 1));
  const twice = files.find(({ file }, i) => files[i - 1]?.file === file);
  if (twice !== undefined)
    throw new DataError('two manifests list the same file', { found: twice.file, where });
  return { provenance: first.provenance, hosts: first.hosts, files };
}

async function readOne(store: Store, name: string): Promise<Manifest> {
  try {
    return JSON.parse(new TextDecoder().decode((await store.read(name)) ?? undefined)) as Manifest;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new DataError('a manifest is damaged', {
      found: cause.message,
      where: { file: store.urlOf(name) },
      remedy: 'Start the job that writes it again.',
      cause,
    });
  }
}
