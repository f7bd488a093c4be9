import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@hemline/core';
import { documentText, readDocument, replaceFile } from '@hemline/runs/documents';
import { writeWhole } from '@hemline/runtime';
import { seasonRecordSchema, type SeasonRecord, type SeasonUnit } from './season-record.ts';

/**
 * The journal of a season: `season.json`, and the market as it was after the last week of it. A week is there when `season.json` says so:
 * a process that is killed loses the week under way and nothing else.
 */
export class SeasonJournal {
  readonly folder: string;

  /** @param folder of one policy in one market */
  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param unit that the folder is of
   * @returns how far it has come; null where no week is committed
   * @throws DataError when the journal is damaged, or of another policy or market
   */
  async read({ policy, seed }: SeasonUnit): Promise<SeasonRecord | null> {
    const record = await readDocument(this.#file, seasonRecordSchema, 1);
    if (record === null || (record.policy === policy && record.seed === seed)) return record;
    throw new DataError('the journal of a season is of another one', {
      expected: `${policy} in market ${seed}`,
      found: `${record.policy} in market ${record.seed}`,
      where: { file: this.#file },
      remedy: 'Somebody has moved it: name another folder.',
    });
  }

  /**
   * @param weeks that are committed
   * @returns the market after them
   * @throws DataError when it is not there
   */
  async market(weeks: number): Promise<Uint8Array> {
    const file = this.#state(weeks);
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new DataError('the market of a season is not there', {
        expected: `the market after ${weeks} weeks, which the journal tells of`,
        found: cause.message,
        where: { file },
        remedy: `Delete ${this.folder}: this season is then played from its beginning.`,
        cause,
      });
    });
    // A plain array: a Buffer is one too, and its `slice` is another.
    return Uint8Array.from(bytes);
  }

  /**
   * Commits a week; it is on disk when the promise resolves.
   * @param record up to the week
   * @param market after it; null at the end, when nobody goes on
   */
  async commit(record: SeasonRecord, market: Uint8Array | null): Promise<void> {
    const kept = this.#state(record.weeks.length);
    if (market !== null) await writeWhole(kept, market);
    await replaceFile(this.#file, `${documentText(record)}\n`);
    // What the journal does not name is of no use to anyone.
    for (const name of await readdir(this.folder)) {
      const isOld = /^market-\d+\.bin$/.test(name) && (market === null || join(this.folder, name) !== kept);
      if (isOld) await rm(join(this.folder, name), { force: true });
    }
  }

  get #file(): string {
    return join(this.folder, 'season.json');
  }

  #state(weeks: number): string {
    return join(this.folder, `market-${String(weeks).padStart(3, '0')}.bin`);
  }
}
