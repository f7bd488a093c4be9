import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactError } from '@hemline/core';
import { openStore } from '@hemline/stores';
import { CARD_FILE, readArtifactCard, type ArtifactCard } from './model-artifact.ts';

/** What SageMaker makes of the folder that a training leaves. */
export const ARCHIVE_FILE = 'model.tar.gz';

/** A model folder, and how to give back what it took to have it. */
export interface ModelFolder {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * The folder of the model that a processing job is given: SageMaker hands over a training's `model.tar.gz`, a local run
 * the folder itself.
 * @param directory of the input
 * @returns the folder with the card; to be released when the model is loaded
 * @throws ArtifactError when there is neither, or the archive cannot be unpacked
 */
export async function modelFolder(directory: string): Promise<ModelFolder> {
  if (await exists(join(directory, CARD_FILE))) return { path: directory, release: () => Promise.resolve() };
  const archive = join(directory, ARCHIVE_FILE);
  if (!(await exists(archive))) {
    throw new ArtifactError('the input model holds no model', {
      expected: `${CARD_FILE} or ${ARCHIVE_FILE}`,
      found: 'neither',
      where: { file: directory },
      remedy: 'Hand over what a training left.',
    });
  }
  const unpacked = await mkdtemp(join(tmpdir(), 'hemline-model-'));
  const release = (): Promise<void> => rm(unpacked, { recursive: true, force: true });
  const message = await untar(archive, unpacked);
  if (message !== null) await release();
  if (message !== null)
    throw new ArtifactError('the model archive cannot be unpacked', {
      found: message,
      where: { file: archive },
      remedy: 'Fetch it again; the image needs tar and gzip.',
    });
  return { path: unpacked, release };
}

/**
 * The card of a model wherever its artifact is kept: a folder or a training's `model.tar.gz`, on this machine or in S3. An archive is
 * fetched whole.
 * @param uri path, `file:` or `s3:`
 * @returns the card
 * @throws ArtifactError when there is none, or it is damaged
 * @throws StoreError when it cannot be fetched
 */
export async function fetchArtifactCard(uri: string): Promise<ArtifactCard> {
  const isArchive = uri.endsWith('.tar.gz');
  const at = isArchive ? uri.lastIndexOf('/') : uri.length;
  const store = await openStore(uri.slice(0, at).replace(/\/+$/, ''));
  const content = await store.read(isArchive ? uri.slice(at + 1) : CARD_FILE);
  if (content === null)
    throw new ArtifactError('the artifact of a model is not there any more', {
      expected: isArchive ? 'an archive' : `a folder with ${CARD_FILE}`,
      found: 'nothing',
      where: { file: uri },
      remedy: 'Check the path, or name another version.',
    });
  const scratch = await mkdtemp(join(tmpdir(), 'hemline-card-'));
  try {
    await writeFile(join(scratch, isArchive ? ARCHIVE_FILE : CARD_FILE), content);
    const folder = await modelFolder(scratch);
    try {
      return await readArtifactCard(folder.path);
    } finally {
      await folder.release();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Runs tar; gives what it complained of, or null. */
function untar(archive: string, into: string): Promise<string | null> {
  return new Promise((resolve) => {
    const tar = spawn('tar', ['-xzf', archive, '-C', into], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    tar.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    tar.on('error', (error) => resolve(error.message));
    tar.on('close', (code) => resolve(code === 0 ? null : complaint.trim() || `tar ended with ${code}`));
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
