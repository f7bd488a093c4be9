import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@hemline/core';

/** What every file of an output can be traced back to. */
export interface Provenance {
  readonly model: string;
  readonly modelVersion: number;
  /** Fingerprint of the data the model was trained on. */
  readonly trainingFingerprint: string;
  readonly codeVersion: string;
  readonly runId: string;
}

/** One committed partition. */
export interface ManifestFile {
  readonly partition: string;
  /** Relative to the output's folder. */
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
  readonly files: readonly ManifestFile[];
}

/**
 * Reads the manifests of an output: one, or one a host.
 * @param directory of the output
 * @returns all their files, sorted by name
 * @throws DataError when there is none: the job has not ended
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const names = (await readdir(directory)).filter((name) => /^manifest(-.+)?\.json$/.test(name)).sort();
  if (names.length === 0) {
    throw new DataError('the output has no manifest', {
      expected: 'manifest.json',
      found: 'none',
      where: { file: directory },
      remedy: 'The job that writes it has not ended well: start it again.',
    });
  }
  const manifests = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as Manifest),
  );
  const files = manifests.flatMap((manifest) => manifest.files).sort((a, b) => (a.file < b.file ? -1 : 1));
  return { provenance: manifests[0]!.provenance, files };
}

/**
 * Reads every file of an output and compares it with the manifest.
 * @param directory of the output
 * @returns the manifest
 * @throws DataError for the first file that is missing or differs
 */
export async function verifyManifest(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory);
  for (const { file, sha256 } of manifest.files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(directory, file)), hash).catch((cause: Error) => {
      throw new DataError('a file of the manifest cannot be read', {
        found: cause.message,
        where: { file },
        cause,
      });
    });
    const found = hash.digest('hex');
    if (found !== sha256)
      throw new DataError('a file differs from its manifest', {
        expected: `SHA-256 ${sha256}`,
        found,
        where: { file },
      });
  }
  return manifest;
}
