import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, type Batch, type Schema } from '@hemline/core';
import { hasSize, writeWhole } from '../artifacts/entry-folder.ts';
import { writeParquet } from '../parquet/index.ts';
import type { Manifest, ManifestFile, Provenance } from './manifest.ts';

/** Folder of the entries of partitions committed so far; readers of Parquet folders pass over names that begin with `_`. */
const ENTRIES = '_committed';

/** Which host of several this is. */
export interface CommitHost {
  readonly name: string;
  readonly count: number;
}

/**
 * An output that is committed partition by partition. A partition's file is written under a hidden name and renamed when
 * complete; then an entry of it is recorded the same way. A restarted job finds the entries and skips those partitions; a
 * killed one leaves at most a hidden file, removed at the next start. Files are named by content, not by host, so
 * hosts may share a prefix.
 */
export class OutputCommit {
  readonly #directory: string;
  readonly #provenance: Provenance;
  readonly #host: CommitHost;
  readonly #files: ManifestFile[] = [];

  private constructor(directory: string, provenance: Provenance, host: CommitHost) {
    this.#directory = directory;
    this.#provenance = provenance;
    this.#host = host;
  }

  /**
   * Begins or resumes an output.
   * @param directory of the output, made when it is not there
   * @param provenance of every file
   * @param host of several; the only one by default
   * @returns the output
   */
  static async open(
    directory: string,
    provenance: Provenance,
    host: CommitHost = { name: 'algo-1', count: 1 },
  ): Promise<OutputCommit> {
    await mkdir(join(directory, ENTRIES), { recursive: true });
    // What is hidden was left by a killed start, unless another host is at work in the same folder.
    const names = host.count > 1 ? [] : await readdir(directory, { recursive: true });
    for (const name of names) {
      if (/(^|\/)\.[^/]+\.tmp$/.test(name)) await rm(join(directory, name), { force: true });
    }
    return new OutputCommit(directory, provenance, host);
  }

  /**
   * Whether a partition was committed by an earlier start of this job.
   * @param partition its name
   * @param inputHash digest of everything its content depends on
   * @returns its file, or null
   * @throws ConfigurationError when it was committed from other inputs: two runs would be mixed
   */
  async committed(partition: string, inputHash: string): Promise<ManifestFile | null> {
    const text = await readFile(this.#entryPath(partition), 'utf8').catch(() => null);
    if (text === null) return null;
    const file = JSON.parse(text) as ManifestFile;
    if (file.inputHash !== inputHash) {
      throw new ConfigurationError(
        'the output already holds this partition, made from other data or another model',
        {
          expected: `input digest ${inputHash}`,
          found: file.inputHash,
          where: { partition, file: join(this.#directory, file.file) },
          remedy: 'Give every run an output of its own, or empty this one.',
        },
      );
    }
    if (!(await hasSize(join(this.#directory, file.file), file.bytes))) return null;
    this.#files.push(file);
    return file;
  }

  /**
   * Writes and commits a partition.
   * @param partition its name, such as `market=DE`
   * @param stem of the file's name
   * @param inputHash digest of everything its content depends on
   * @param batches the rows
   * @param schema needed when there may be none
   * @param folder of the file, named after the partition by default
   * @returns what was written
   */
  async commitPartition(
    partition: string,
    stem: string,
    inputHash: string,
    batches: AsyncIterable<Batch>,
    schema: Schema,
    folder: string = partition,
  ): Promise<ManifestFile> {
    const file = `${folder === '' ? '' : `${folder}/`}${stem}-${inputHash.slice(0, 12)}.parquet`;
    const { model, modelVersion, trainingFingerprint, codeVersion, runId } = this.#provenance;
    const metadata = {
      'hemline.model': model,
      'hemline.model_version': String(modelVersion),
      'hemline.training_fingerprint': trainingFingerprint,
      'hemline.code_version': codeVersion,
      'hemline.run_id': runId,
      'hemline.partition': partition,
    };
    const { rows, bytes, sha256 } = await writeParquet(join(this.#directory, file), batches, {
      schema,
      metadata,
    });
    const entry: ManifestFile = { partition, file, inputHash, rows, bytes, sha256 };
    await writeWhole(this.#entryPath(partition), `${JSON.stringify(entry)}\n`);
    this.#files.push(entry);
    return entry;
  }

  /**
   * Ends the output: the manifest, then `_SUCCESS`.
   * @returns the manifest of this host's partitions
   */
  async finish(): Promise<Manifest> {
    const manifest: Manifest = {
      provenance: this.#provenance,
      files: this.#files.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    };
    const suffix = this.#host.count > 1 ? `-${this.#host.name}` : '';
    await writeWhole(
      join(this.#directory, `manifest${suffix}.json`),
      `${JSON.stringify(manifest, null, 2)}\n`,
    );
    await writeWhole(join(this.#directory, `_SUCCESS${suffix}`), '');
    return manifest;
  }

  #entryPath(partition: string): string {
    return join(
      this.#directory,
      ENTRIES,
      `${createHash('sha256').update(partition).digest('hex').slice(0, 24)}.json`,
    );
  }
}
