import { ConfigurationError, ConflictError, DataError, type Batch, type Schema } from '@hemline/core';
import { encodeParquet, openParquet, type WriteTimings } from '@hemline/parquet';
import { openStore } from '../open-store.ts';
import type { Store, StoreObject } from '../store.ts';
import { entryKey, isEntryKey, readEntry, writeEntry, writtenAtOnce } from './committed-entries.ts';
import { CheckedWriter, checkContent, type ContentCheck } from './content-check.ts';
import { totalsOf, type Manifest, type ManifestFile } from './manifest.ts';
import { INPUT_HASH, fileMetadata, type Provenance } from './provenance.ts';
import { claimOutput } from './run-claim.ts';

/** Which host of several this is. */
export interface CommitHost {
  readonly name: string;
  /** Names of all hosts that write the output, this one too. */
  readonly all: readonly string[];
}

/** A partition of an output. */
export interface OutputPartition {
  /** Such as `market=DE`. */
  readonly name: string;
  /** Folder of its file, empty for the output itself. */
  readonly folder: string;
  /** Begins the file's name. */
  readonly stem: string;
  /** Digest of everything that its content depends on, the run too. */
  readonly inputHash: string;
}

/** What a commit took, in milliseconds; writing ends when the file and its entry are on disk. */
export type CommitTimings = WriteTimings;

const ONE_HOST: CommitHost = { name: 'algo-1', all: ['algo-1'] };

/**
 * An output that is committed partition by partition, in a folder or a bucket. A partition's file becomes visible whole
 * (by rename, or by completing its upload), and only if there is none: of two writers one wins. Then an entry records
 * what was written. A restarted job finds the entries and skips those partitions; a file without an entry is one whose
 * writer was killed in between, and gets it. Files are named by content, not by host, so hosts share an output.
 */
export class OutputCommit {
  readonly store: Store;
  readonly #provenance: Provenance;
  readonly #host: CommitHost;
  readonly #files: ManifestFile[] = [];
  /** What there was at the beginning. */
  readonly #found: ReadonlyMap<string, StoreObject>;

  private constructor(
    store: Store,
    provenance: Provenance,
    host: CommitHost,
    found: ReadonlyMap<string, StoreObject>,
  ) {
    this.store = store;
    this.#provenance = provenance;
    this.#host = host;
    this.#found = found;
  }

  /**
   * Begins or resumes an output.
   * @param output its folder, URL or store
   * @param provenance of every file
   * @param host of several; the only one by default
   * @returns the output
   * @throws ConfigurationError when it belongs to another run
   */
  static async open(
    output: string | Store,
    provenance: Provenance,
    host: CommitHost = ONE_HOST,
  ): Promise<OutputCommit> {
    const store = typeof output === 'string' ? await openStore(output) : output;
    await claimOutput(store, provenance);
    // What is unfinished was left by a killed start, unless another host is at work on it.
    if (host.all.length === 1) await store.clean();
    return new OutputCommit(store, provenance, host, await objectsOf(store));
  }

  /**
   * Joins an output that this job has opened, in another thread: to commit, not to resume or to finish.
   * @param output its URL
   * @param provenance of every file
   * @param host of several
   * @returns the output
   */
  static async join(output: string, provenance: Provenance, host: CommitHost): Promise<OutputCommit> {
    return new OutputCommit(await openStore(output), provenance, host, new Map());
  }

  /**
   * Whether a partition was committed by an earlier start of this job.
   * @param partition that may be there
   * @returns its file, or null
   * @throws ConfigurationError when it was committed from other inputs
   */
  async committed(partition: OutputPartition): Promise<ManifestFile | null> {
    const entry = entryKey(partition.name);
    if (!this.#found.has(entry)) return this.#adopt(partition);
    const file = await readEntry(this.store, entry);
    if (file !== null) this.#checkInputs(partition, file.inputHash, file.file);
    if (file !== null && this.#found.get(file.file)?.bytes === file.bytes) {
      this.#files.push(file);
      return file;
    }
    await this.store.remove(entry);
    return this.#adopt(partition, file?.bytes);
  }

  /** Takes back `_SUCCESS` of an earlier end: more is coming. */
  async reopen(): Promise<void> {
    if (this.#found.has(this.#successKey())) await this.store.remove(this.#successKey());
  }

  /**
   * Writes and commits a partition.
   * @param partition to commit
   * @param batches the rows
   * @param schema of the rows
   * @returns what was written, and what it took
   * @throws ConflictError when another start of the job has committed it with other content
   */
  async commitPartition(
    partition: OutputPartition,
    batches: AsyncIterable<Batch>,
    schema: Schema,
  ): Promise<{ readonly file: ManifestFile; readonly timings: CommitTimings }> {
    const key = fileKey(partition);
    // Of several hosts each clears away only what its own partitions' killed writers left.
    if (this.#host.all.length > 1) await this.store.clean(key);
    const writer = new CheckedWriter(await this.store.create(key, { ifAbsent: true }));
    const metadata = fileMetadata(this.#provenance, partition.name, partition.inputHash);
    try {
      const { rows, timings } = await encodeParquet(
        writer,
        batches,
        { schema, metadata },
        this.store.urlOf(key),
      );
      const began = performance.now();
      const file = await this.#commitFile(partition, writer, rows);
      await writeEntry(this.store, file);
      this.#files.push(file);
      const { encodeMs, compressMs, writeMs } = timings;
      return { file, timings: { encodeMs, compressMs, writeMs: writeMs + performance.now() - began } };
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  /**
   * Takes a partition that another thread has committed.
   * @param file what was written
   */
  add(file: ManifestFile): void {
    this.#files.push(file);
  }

  /**
   * Ends the output: the manifest, then `_SUCCESS` with its totals. Files that earlier starts committed for partitions that are no more
   * are removed.
   * @param partitions names of all partitions of the output, whichever host they belong to; null when they are not
   *   known: then nothing is removed. By default those of this host, the only one.
   * @returns the manifest of this host's partitions
   */
  async finish(partitions: Iterable<string> | null = this.#ownPartitions()): Promise<Manifest> {
    const manifest: Manifest = {
      provenance: this.#provenance,
      hosts: this.#host.all.length,
      files: this.#files.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    };
    // The same job may have run on more hosts, or fewer, before: their manifests would list files twice.
    const { all } = this.#host;
    const current = new Set(all.flatMap((host) => [this.#manifestKey(host), this.#successKey(host)]));
    for (const key of this.#found.keys())
      if (/^(manifest(-.+)?\.json|_SUCCESS(-.+)?)$/.test(key) && !current.has(key))
        await this.store.remove(key);
    await this.store.write(this.#manifestKey(), `${JSON.stringify(manifest, null, 2)}\n`);
    if (partitions !== null) await this.#removeOthers(new Set(partitions));
    await this.store.write(this.#successKey(), `${JSON.stringify(totalsOf(manifest))}\n`);
    return manifest;
  }

  #ownPartitions(): Iterable<string> | null {
    return this.#host.all.length > 1 ? null : this.#files.map(({ partition }) => partition);
  }

  /** Only what an entry of this output names is ours to remove. */
  async #removeOthers(partitions: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...partitions].map(entryKey));
    const listed = new Set(this.#files.map(({ file }) => file));
    for (const key of this.#found.keys()) {
      if (!isEntryKey(key) || kept.has(key)) continue;
      const file = await readEntry(this.store, key);
      // The entry goes last: a start that is killed here is followed by one that goes on.
      if (file !== null && !listed.has(file.file)) await this.store.remove(file.file);
      await this.store.remove(key);
    }
  }

  /** Commits the file. When that fails and yet there is one, it must be the same: another start was first. */
  async #commitFile(partition: OutputPartition, writer: CheckedWriter, rows: number): Promise<ManifestFile> {
    const key = fileKey(partition);
    try {
      const { bytes, sha256 } = await writer.commit();
      return { partition: partition.name, file: key, inputHash: partition.inputHash, rows, bytes, sha256 };
    } catch (error) {
      await writer.abort();
      const other = (await this.store.stat(key)) === null ? null : await this.#inspect(partition);
      if (other === null)
        throw error instanceof ConflictError ? writtenAtOnce(error, this.store.urlOf(key)) : error;
      if (other.check.bytes === writer.bytes && other.check.crc32 === writer.crc32) return other.file;
      throw new ConflictError('another start of the job committed this partition with other content', {
        expected: `${writer.bytes} bytes in ${rows} rows, as forecast here`,
        found: `${other.check.bytes} bytes in ${other.file.rows} rows`,
        where: { partition: partition.name, file: this.store.urlOf(key) },
        remedy: 'Let only one start of a job run at a time; if it was one, the model is not deterministic.',
        cause: error,
      });
    }
  }

  /**
   * Gives its entry to a file whose writer was killed before it could record it. One that is damaged, which it was not
   * when it appeared, is removed.
   */
  async #adopt(partition: OutputPartition, bytes?: number): Promise<ManifestFile | null> {
    const key = fileKey(partition);
    const found = this.#found.get(key);
    if (found === undefined) return null;
    const file = bytes === undefined || bytes === found.bytes ? await this.#inspectOrNull(partition) : null;
    if (file === null) {
      await this.store.remove(key);
      return null;
    }
    await writeEntry(this.store, file);
    this.#files.push(file);
    return file;
  }

  async #inspectOrNull(partition: OutputPartition): Promise<ManifestFile | null> {
    try {
      return (await this.#inspect(partition)).file;
    } catch (error) {
      if (error instanceof DataError) return null;
      throw error;
    }
  }

  async #inspect(partition: OutputPartition): Promise<{ file: ManifestFile; check: ContentCheck }> {
    const key = fileKey(partition);
    const source = await this.store.open(key);
    try {
      const { rows, metadata } = await openParquet(source);
      this.#checkInputs(partition, metadata[INPUT_HASH] ?? 'none', key);
      const check = await checkContent(source);
      const { bytes, sha256 } = check;
      const { name, inputHash } = partition;
      return { file: { partition: name, file: key, inputHash, rows, bytes, sha256 }, check };
    } finally {
      await source.close();
    }
  }

  #checkInputs(partition: OutputPartition, found: string, file: string): void {
    if (found === partition.inputHash) return;
    throw new ConfigurationError(
      'the output already holds this partition, made from other data or another model',
      {
        expected: `input digest ${partition.inputHash}`,
        found,
        where: { partition: partition.name, file: this.store.urlOf(file) },
        remedy: 'Give every run an output of its own, or empty this one.',
      },
    );
  }

  #manifestKey(host: string = this.#host.name): string {
    return this.#host.all.length > 1 ? `manifest-${host}.json` : 'manifest.json';
  }

  #successKey(host: string = this.#host.name): string {
    return this.#host.all.length > 1 ? `_SUCCESS-${host}` : '_SUCCESS';
  }
}

function fileKey({ folder, stem, inputHash }: OutputPartition): string {
  return `${folder === '' ? '' : `${folder}/`}${stem}-${inputHash.slice(0, 12)}.parquet`;
}

async function objectsOf(store: Store): Promise<ReadonlyMap<string, StoreObject>> {
  const objects = new Map<string, StoreObject>();
  for await (const object of store.list()) objects.set(object.key, object);
  return objects;
}
