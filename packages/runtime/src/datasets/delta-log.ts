import { DataError, UnsupportedError, listing, type ErrorPlace } from '@hemline/core';
import { readNestedRows } from '@hemline/parquet';
import { openStore, type Store } from '@hemline/stores';
import { MISSING_KEY } from './key-column.ts';

/** The folder of the log. */
export const DELTA_LOG = '_delta_log';

/** A file that is valid in the latest version of a table. */
export interface DeltaFile {
  /** Relative to the table's folder, as it is called there. */
  readonly key: string;
  readonly bytes: number;
  /** Values of the partition columns, in their order. */
  readonly keys: Readonly<Record<string, string>>;
}

/** What of an action is heeded; the protocol is github.com/delta-io/delta/blob/master/PROTOCOL.md. */
interface Action {
  readonly add?: AddedFile | null;
  readonly remove?: FileKey | null;
  readonly protocol?: {
    readonly minReaderVersion: number;
    readonly readerFeatures?: readonly string[] | null;
  } | null;
  readonly metaData?: {
    readonly partitionColumns?: readonly string[] | null;
    readonly configuration?: Readonly<Record<string, string>> | null;
  } | null;
}

/** A file, and the rows of it that are deleted. */
interface FileKey {
  readonly path: string;
  readonly deletionVector?: {
    readonly storageType?: string;
    readonly pathOrInlineDv?: string;
    readonly offset?: number | null;
  } | null;
}

interface AddedFile extends FileKey {
  readonly size: number | bigint;
  readonly partitionValues?: Readonly<Record<string, string | null>> | null;
}

/** Features of tables by which files mean what they say; what a table makes use of otherwise is found in its actions. */
const HARMLESS = ['timestampNtz', 'vacuumProtocolCheck', 'deletionVectors', 'columnMapping'];
const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;
/** Checkpoints of the second kind have names of their own, and side files. */
const CHECKPOINT_V2 = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(json|parquet)$/;

/**
 * Reads which files of a Delta Lake table are valid: the latest checkpoint, and the commits after it. The log alone is read.
 * @param table its folder: a path or `s3://…`
 * @returns the files of the latest version, sorted; null where there is no log
 * @throws UnsupportedError for tables whose files do not mean what they say: deletion vectors, column mapping, …
 * @throws DataError when the log has gaps, or cannot be read
 */
export async function readDeltaLog(table: string): Promise<DeltaFile[] | null> {
  const store = await openStore(table);
  const names: string[] = [];
  for await (const { key } of store.list(DELTA_LOG)) names.push(key.slice(DELTA_LOG.length + 1));
  if (names.length === 0) return null;
  const where = { file: `${table}/${DELTA_LOG}` };
  const { checkpoint, commits } = versionsOf(names, where);
  const state = new TableState(table);
  for (const name of checkpoint) for (const action of await parquetActions(store, name)) state.apply(action);
  for (const name of commits) for (const action of await jsonActions(store, name)) state.apply(action);
  return state.files();
}

/** Files of the log that make up the latest version. */
function versionsOf(
  names: readonly string[],
  where: ErrorPlace,
): { readonly checkpoint: readonly string[]; readonly commits: readonly string[] } {
  const commits = new Map<number, string>();
  const checkpoints = new Map<string, { version: number; names: string[]; parts: number }>();
  let latestV2 = -1;
  for (const name of [...names].sort()) {
    const commit = COMMIT.exec(name);
    const part = CHECKPOINT.exec(name);
    const second = CHECKPOINT_V2.exec(name);
    if (commit !== null) commits.set(Number(commit[1]), name);
    if (second !== null) latestV2 = Math.max(latestV2, Number(second[1]));
    if (part === null) continue;
    const id = `${part[1]} ${part[3] ?? ''}`;
    const known = checkpoints.get(id) ?? {
      version: Number(part[1]),
      names: [],
      parts: Number(part[3] ?? 1),
    };
    known.names.push(name);
    checkpoints.set(id, known);
  }
  // One whose writer was killed lacks some of its parts.
  const whole = [...checkpoints.values()].filter((each) => each.names.length === each.parts);
  const latest = whole.sort((a, b) => a.version - b.version).at(-1);
  const from = latest?.version ?? -1;
  const last = Math.max(from, ...commits.keys());
  const after = Array.from({ length: last - from }, (_, i) => from + 1 + i);
  const missing = after.find((version) => !commits.has(version));
  if (missing !== undefined && latestV2 >= missing)
    throw unsupported('checkpoints of the second kind (v2Checkpoint)', where);
  if (missing !== undefined || last === -1) {
    throw new DataError('the log of a Delta Lake table is not whole', {
      expected: `version ${missing ?? 0}: ${String(missing ?? 0).padStart(20, '0')}.json, or a checkpoint of it or of a later one`,
      found: last === -1 ? listing(names) : `versions up to ${last} without it`,
      where,
      remedy: 'Copy the whole folder of the log, or write the table out and name that folder.',
    });
  }
  return { checkpoint: latest?.names ?? [], commits: after.map((version) => commits.get(version)!) };
}

async function jsonActions(store: Store, name: string): Promise<Action[]> {
  const key = `${DELTA_LOG}/${name}`;
  const text = new TextDecoder().decode((await store.read(key)) ?? new Uint8Array());
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, row) => {
      try {
        return JSON.parse(line) as Action;
      } catch (cause) {
        throw new DataError('the log of a Delta Lake table cannot be read', {
          expected: 'an action in JSON on each line',
          found: (cause as Error).message,
          where: { file: store.urlOf(key), row },
          remedy: 'Copy the log again.',
          cause,
        });
      }
    });
}

async function parquetActions(store: Store, name: string): Promise<Action[]> {
  const source = await store.open(`${DELTA_LOG}/${name}`);
  try {
    return (await readNestedRows(source, ['add', 'protocol', 'metaData'])) as Action[];
  } finally {
    await source.close();
  }
}

/** A table as the actions so far have made it. */
class TableState {
  readonly #table: string;
  readonly #files = new Map<string, AddedFile>();
  #protocol: NonNullable<Action['protocol']> | null = null;
  #metaData: NonNullable<Action['metaData']> = {};

  constructor(table: string) {
    this.#table = table;
  }

  apply({ add, remove, protocol, metaData }: Action): void {
    if (remove !== undefined && remove !== null) this.#files.delete(keyOf(remove));
    if (add !== undefined && add !== null) this.#files.set(keyOf(add), add);
    if (protocol !== undefined && protocol !== null) this.#protocol = protocol;
    if (metaData !== undefined && metaData !== null) this.#metaData = metaData;
  }

  files(): DeltaFile[] {
    const where = { file: this.#table };
    const { minReaderVersion = 1, readerFeatures } = this.#protocol ?? {};
    const features = (readerFeatures ?? []).filter((feature) => !HARMLESS.includes(feature));
    if (minReaderVersion > 3) throw unsupported(`reader version ${minReaderVersion}`, where);
    if (features.length > 0) throw unsupported(features.join(', '), where);
    const mapping = this.#metaData.configuration?.['delta.columnMapping.mode'] ?? 'none';
    if (mapping !== 'none') throw unsupported(`column mapping by ${mapping}`, where);
    const partitions = this.#metaData.partitionColumns ?? [];
    return [...this.#files.values()]
      .map((file) => this.#file(file, partitions))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #file(
    { path, size, partitionValues, deletionVector }: AddedFile,
    partitions: readonly string[],
  ): DeltaFile {
    const where = { file: `${this.#table}/${path}` };
    if (deletionVector !== undefined && deletionVector !== null) throw unsupported('deletion vectors', where);
    if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(path)) throw unsupported('files outside of its folder', where);
    const key = decoded(path, where);
    const folders = key.split('/').slice(0, -1);
    if (folders.some((folder, i) => !folder.startsWith(`${partitions[i]}=`)))
      throw unsupported('files that do not lie in folders of their partition', where);
    const keys = partitions.map((name) => {
      const value = partitionValues?.[name];
      // Nothing is written as null, and by some as nothing.
      return [name, value === null || value === undefined || value === '' ? MISSING_KEY : value];
    });
    return { key, bytes: Number(size), keys: Object.fromEntries(keys) as Record<string, string> };
  }
}

/** Paths are written as in URIs. */
function decoded(path: string, where: ErrorPlace): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new DataError('the log of a Delta Lake table cannot be read', {
      expected: 'a path with special characters percent-encoded',
      found: path,
      where,
      remedy: 'Write the table out anew, and name that folder.',
      cause,
    });
  }
}

/** A file with other deleted rows is another one. */
function keyOf({ path, deletionVector }: FileKey): string {
  const { storageType, pathOrInlineDv, offset } = deletionVector ?? {};
  return JSON.stringify([path, storageType, pathOrInlineDv, offset === null ? undefined : offset]);
}

function unsupported(what: string, where: ErrorPlace): UnsupportedError {
  return new UnsupportedError('a Delta Lake table makes use of what is not read', {
    expected: 'Parquet files that are valid as a whole, under the names of their columns',
    found: what,
    where,
    remedy:
      "Write the table out with what reads Delta Lake (Spark, delta-rs, DuckDB's extension), and name that folder.",
  });
}
