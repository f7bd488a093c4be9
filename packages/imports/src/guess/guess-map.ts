import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ConfigurationError, listing } from '@hemline/core';
import { isS3 } from '@hemline/stores';
import { salesSelect } from '../lines/line-select.ts';
import { lineKinds } from '../lines/reasons.ts';
import type { ImportMap, ImportMapInput, TextFormat } from '../map/import-map.ts';
import { parseMap } from '../map/read-map.ts';
import { fileGroups, fromGroup, type FileGroup } from '../source/file-group.ts';
import { baseOf, sourceFiles } from '../source/source-files.ts';
import { Staging } from '../source/staged-files.ts';
import { Database } from '../sql/database.ts';
import { guessFormat } from './guess-format.ts';
import { guessOthers } from './guess-others.ts';
import { guessSales } from './guess-sales.ts';
import { SAMPLED, sampleGroup, type SampledGroup } from './sampled-group.ts';

const MEMORY_MIB = 1024;

/** A proposal, and what it rests on. */
export interface GuessedMap {
  /** As it would be written; what is a default is left out. */
  readonly map: ImportMapInput;
  /** What a person should look at. */
  readonly notes: readonly string[];
}

/**
 * Proposes a map, from the names of columns and the first lines of the files.
 * @param source file, folder or glob
 * @param signal raised to stop
 * @returns the map, and notes
 * @throws ConfigurationError where no files look like sales
 */
export async function guessMap(source: string, signal?: AbortSignal): Promise<GuessedMap> {
  const { files: found } = await sourceFiles(source, undefined);
  const scratch = await mkdtemp(join(tmpdir(), 'hemline-guess-'));
  const database = await Database.open(scratch, { memoryMib: MEMORY_MIB, threads: 1, signal });
  try {
    const files = await new Staging(join(scratch, 'source'), { signal }).stage(found, {});
    const written = await guessFormat(files);
    const groups: SampledGroup[] = [];
    for (const group of await fileGroups(database, files, written))
      groups.push(await sampleGroup(database, group, `sample${groups.length}`));
    const notes: string[] = [];
    const sold = await firstOf(groups, (each) => guessSales(database, each, written));
    if (sold === null) throw noSales(groups);
    notes.push(...sold.notes);
    const others = groups.filter((each) => each !== sold.of);
    const named = others.length === 0 ? null : await baseOf(source);
    const sales = named === null ? sold.sales : { files: filesOf(sold.of.group, named), ...sold.sales };
    const map = {
      ...sold.map,
      sales,
      ...(named === null
        ? {}
        : guessOthers(others, sold.map.format ?? {}, notes, (group) => filesOf(group, named))),
    } as ImportMapInput;
    notes.push(await tried(database, parseMap(map), sold.of.group));
    return { map, notes };
  } finally {
    database.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What the proposal makes of the first lines. */
async function tried(database: Database, map: ImportMap, group: FileGroup): Promise<string> {
  const format: TextFormat = { ...map.format, ...map.sales.format };
  const select = salesSelect(map, { ...group, format: { ...group.format, ...format } });
  const kinds = lineKinds(map.sales.leaveOut.map(({ reason }) => reason));
  const rows = await database.rows(
    `SELECT kind, count(*) FROM (${select.sql(`(SELECT * FROM ${fromGroup(group)} LIMIT ${SAMPLED})`)}) GROUP BY kind ORDER BY kind`,
  );
  const counts = rows.map(
    ([code, count]) => `${kinds[code as number]} ${Number(count).toLocaleString('en')}`,
  );
  return `With this map the first lines are: ${counts.join(', ')}.`;
}

async function firstOf<T>(
  groups: readonly SampledGroup[],
  guess: (group: SampledGroup) => Promise<T | null>,
): Promise<(T & { readonly of: SampledGroup }) | null> {
  for (const of of groups) {
    const found = await guess(of);
    if (found !== null) return { ...found, of };
  }
  return null;
}

function filesOf({ names }: FileGroup, folder: string): string | string[] {
  const below = names.map((name) => (isS3(name) ? name.slice(folder.length + 1) : relative(folder, name)));
  return below.length === 1 ? below[0]! : below;
}

function noSales(groups: readonly SampledGroup[]): ConfigurationError {
  const names = groups.flatMap(({ columns }) => columns.map(({ name }) => name));
  return new ConfigurationError('no columns look like those of sales', {
    expected: 'an article, a date, units, and a price or an amount',
    found: listing([...new Set(names)], 20),
    remedy: 'Write the map by hand; packages/imports/README.md has what it may say.',
  });
}
