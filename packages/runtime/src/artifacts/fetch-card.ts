import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactError } from '@hemline/core';
import { openStore } from '@hemline/stores';
import { CARD_FILE, readArtifactCard, type ArtifactCard } from './model-artifact.ts';
import { ARCHIVE_FILE, modelFolder } from './model-folder.ts';

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
