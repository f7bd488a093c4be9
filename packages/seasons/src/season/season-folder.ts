import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigurationError, isSystemError, systemError } from '@hemline/core';
import { documentText, readDocument, replaceFile, RunLock } from '@hemline/runs/documents';

/** What decides the result of a season, as JSON by name. */
export type SeasonFacts = Readonly<Record<string, string>>;

const requestSchema = z.object({
  schema: z.literal(1),
  /** What decides the result, as JSON by name. */
  facts: z.record(z.string(), z.string()),
});

/** Folder of a season: `request.json`, a folder for each policy and market in `units/`, at the end `result.json`. */
export class SeasonFolder {
  readonly directory: string;

  /** @param directory of the season */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** File with the result. */
  get result(): string {
    return join(this.directory, 'result.json');
  }

  /**
   * @param policy as it was named
   * @param seed of the market
   * @returns folder of its season
   */
  unit(policy: string, seed: number): string {
    return join(this.directory, 'units', `${encodeURIComponent(policy.replace(/^.*[\\/]/, ''))}-${seed}`);
  }

  /**
   * Takes the folder for a season. To be released when the season has ended.
   * @param facts what decides the result, as JSON by name
   * @returns the lock, and whether an earlier start of the same was there
   * @throws ConfigurationError when the folder is of another request, or of something else
   * @throws ConflictError when another process plays there
   */
  async claim(facts: SeasonFacts): Promise<{ readonly lock: RunLock; readonly isKnown: boolean }> {
    const file = join(this.directory, 'request.json');
    const before = await readDocument(file, requestSchema, 1);
    if (before === null) await this.#checkEmpty();
    else this.#checkSame(before.facts, facts, file);
    const lock = await RunLock.take(join(this.directory, 'lock'), 'the season');
    if (before === null) await replaceFile(file, `${documentText({ schema: 1, facts }, 2)}\n`);
    return { lock, isKnown: before !== null };
  }

  #checkSame(before: SeasonFacts, now: SeasonFacts, file: string): void {
    const changed = Object.keys(now).filter((name) => before[name] !== now[name]);
    if (changed.length === 0) return;
    const tell = (facts: SeasonFacts): string =>
      changed.map((name) => `${name} ${shortened(facts[name] ?? 'nothing')}`).join(', ');
    throw new ConfigurationError('another season is in the folder', {
      ...{ expected: tell(before), found: tell(now), where: { file } },
      remedy: 'Name another folder with --output, or delete this one.',
    });
  }

  async #checkEmpty(): Promise<void> {
    let names: string[];
    try {
      names = await readdir(this.directory);
    } catch (cause) {
      if (isSystemError(cause) && cause.code === 'ENOENT') return;
      throw isSystemError(cause) ? systemError(cause, this.directory, 'read') : cause;
    }
    if (names.every((name) => name === 'lock')) return;
    throw new ConfigurationError('something else is in the folder of the season', {
      expected: 'a new folder, an empty one, or that of a season',
      found: names.slice(0, 5).join(', '),
      where: { file: this.directory },
      remedy: 'Name another folder with --output.',
    });
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
