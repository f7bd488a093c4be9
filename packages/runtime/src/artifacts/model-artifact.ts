import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ArtifactError, type AnyModel, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { knownPastSchema } from './known-past.ts';
import { EntryReader, EntryWriter, writeWhole } from './entry-folder.ts';

/** Name of the card in a model folder; written last, so that a folder without it is no model. */
export const CARD_FILE = 'hemline.json';

/** Version of the folder's layout. */
const FORMAT = 1;

/** Begins the name of the folder in which entries are written before they are moved in. */
const ASIDE = '.writing-';

const cardSchema = z.object({
  format: z.number(),
  model: z.string(),
  modelVersion: z.number(),
  quantity: z.string(),
  hyperparameters: z.record(z.string(), z.unknown()),
  /** ISO date of the last week the model knows. */
  cutoff: z.string(),
  seed: z.number(),
  /** Fingerprint of the data it was trained on. */
  dataFingerprint: z.string(),
  codeVersion: z.string(),
  runId: z.string(),
  metrics: z.record(z.string(), z.number()),
  /** What it remembers of that data; of models of before this was kept, nothing. */
  past: knownPastSchema.optional(),
  entries: z.array(z.object({ name: z.string(), file: z.string(), bytes: z.number(), sha256: z.string() })),
});

/** What a model folder says of itself: enough to trace any forecast back. Holds no time, so that equal trainings are equal. */
export type ArtifactCard = z.output<typeof cardSchema>;

/**
 * Saves a model into a folder. The entries are written aside and moved in when all are there, the card last.
 * @param directory of the model, may exist (SageMaker mounts it)
 * @param facts the card without format and entries
 * @param save writes the entries
 * @returns the card
 */
export async function writeArtifact(
  directory: string,
  facts: Omit<ArtifactCard, 'format' | 'entries'>,
  save: (artifact: ArtifactWriter) => Promise<void>,
): Promise<ArtifactCard> {
  // What a killed start left would be archived with the model.
  for (const name of await readdir(directory).catch(() => []))
    if (name.startsWith(ASIDE)) await rm(join(directory, name), { recursive: true, force: true });
  const aside = join(directory, `${ASIDE}${randomBytes(6).toString('hex')}`);
  await mkdir(aside, { recursive: true });
  try {
    const writer = new EntryWriter(aside);
    await save(writer);
    const card = {
      format: FORMAT,
      ...facts,
      entries: [...writer.entries].sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
    await rm(join(directory, CARD_FILE), { force: true });
    for (const entry of card.entries) {
      const target = join(directory, entry.file);
      await mkdir(dirname(target), { recursive: true });
      await rename(join(aside, entry.file), target);
    }
    await writeWhole(join(directory, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
    return card;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Reads a model folder's card.
 * @param directory of the model
 * @returns the card
 * @throws ArtifactError when there is none, or it has another format
 */
export async function readArtifactCard(directory: string): Promise<ArtifactCard> {
  const file = join(directory, CARD_FILE);
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new ArtifactError('this is no model folder', {
      expected: CARD_FILE,
      found: cause.message,
      where: { file: directory },
      remedy: 'Name the folder that a training left, or train first.',
      cause,
    });
  });
  try {
    const card = cardSchema.parse(JSON.parse(text));
    if (card.format === FORMAT) return card;
    throw new ArtifactError('the model folder has another format', {
      expected: String(FORMAT),
      found: String(card.format),
      where: { file },
      remedy: 'Train again with this version.',
    });
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError("the model folder's card is damaged", {
      found: (cause as Error).message,
      where: { file },
      remedy: 'Train again, or fetch the artifact again.',
      cause,
    });
  }
}

/**
 * Opens a model folder for loading.
 * @param directory of the model
 * @param model that should be in it
 * @returns card and entries
 * @throws ArtifactError when it holds another model, or another version of its format
 */
export async function openArtifact(
  directory: string,
  model: AnyModel,
): Promise<{ readonly card: ArtifactCard; readonly artifact: ArtifactReader }> {
  const card = await readArtifactCard(directory);
  if (card.model !== model.name || card.modelVersion !== model.version) {
    throw new ArtifactError('the folder holds another model', {
      expected: `${model.name}, artifact version ${model.version}`,
      found: `${card.model}, artifact version ${card.modelVersion}`,
      where: { file: directory },
      remedy:
        card.model === model.name
          ? 'Train again with this version of the model.'
          : 'Start the image of that model, or name another folder.',
    });
  }
  return { card, artifact: new EntryReader(directory, card.entries) };
}
