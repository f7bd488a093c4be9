import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ConflictError, DataError, StoreError } from '@hemline/core';
import { createFile, removeAbandoned } from '../../documents/durable-file.ts';
import { documentText } from '../../documents/metric-value.ts';
import { readDocument } from '../../documents/read-document.ts';
import {
  checkModelName,
  checkNewVersion,
  checkStatusChange,
  noSuchVersion,
  type ModelRegistry,
  type StatusChange,
} from '../model-registry.ts';
import {
  MODEL_NAME,
  approvalDecisionSchema,
  versionFactsSchema,
  type ApprovalDecision,
  type ModelVersion,
  type NewVersion,
} from '../model-version.ts';

const SCHEMA = 1;
const documentSchema = versionFactsSchema.extend({
  schema: z.literal(SCHEMA),
  version: z.number().int().positive(),
  token: z.string(),
  decision: approvalDecisionSchema,
});
const decisionSchema = approvalDecisionSchema.extend({ schema: z.literal(SCHEMA) });

type VersionDocument = z.output<typeof documentSchema>;

/**
 * A folder as a registry: `<model>/000007.json` is version 7 with the first decision about it, `<model>/000007.002.json` the
 * second decision. No file is ever changed. Each is created under the next free number, by a link that fails where another
 * process was first: so no version and no decision is lost, in whatever number processes write.
 */
export class FileRegistry implements ModelRegistry {
  readonly url: string;
  readonly #root: string;

  /** @param root of the folder; made when the first version is registered */
  constructor(root: string) {
    this.#root = resolve(root);
    this.url = pathToFileURL(this.#root).href;
  }

  async register(version: NewVersion): Promise<ModelVersion> {
    checkNewVersion(version);
    const { model, status, by, reason, token, artifact, dataset, cutoff, run, metrics, lineage } = version;
    await removeAbandoned(this.#folder(model));
    for (let number = 1; ;) {
      // Every lower number is read before one is claimed: a token that has one cannot get another.
      for (let known; (known = await this.#document(model, number)) !== null; number++)
        if (known.token === token) return this.#withHistory(known);
      await this.#checkNoneAfter(model, number);
      const decision = { at: new Date().toISOString(), status, by, reason };
      const facts = { model, version: number, artifact, dataset, cutoff, run, metrics, lineage };
      const document = { schema: SCHEMA, ...facts, token, decision };
      if (await this.#claim(this.#versionFile(model, number), document)) return this.get(model, number);
    }
  }

  async list(model?: string): Promise<readonly ModelVersion[]> {
    const models =
      model === undefined ? (await this.#names(this.#root)).filter((name) => MODEL_NAME.test(name)) : [model];
    const versions: ModelVersion[] = [];
    for (const name of models.sort()) {
      const numbers = await this.#numbers(name);
      const last = numbers.at(-1) ?? 0;
      for (let number = 1; number <= last; number++) versions.push(await this.get(name, number));
    }
    return versions;
  }

  async get(model: string, version: number): Promise<ModelVersion> {
    const document = await this.#document(model, version);
    if (document !== null) return this.#withHistory(document);
    const numbers = await this.#numbers(model);
    const last = numbers.at(-1) ?? 0;
    if (version < 1 || version > last) throw noSuchVersion(model, version, last, this.url);
    // Another process may have written it since it was looked for.
    const written = await this.#document(model, version);
    if (written === null) throw this.#lostVersion(model, version);
    return this.#withHistory(written);
  }

  async latestApproved(model: string, dataset?: string, before = Infinity): Promise<ModelVersion | null> {
    const numbers = await this.#numbers(model);
    for (let number = Math.min(numbers.at(-1) ?? 0, before - 1); number > 0; number--) {
      const version = await this.get(model, number);
      if (version.status === 'approved' && (dataset === undefined || version.dataset === dataset))
        return version;
    }
    return null;
  }

  async setStatus(model: string, version: number, change: StatusChange): Promise<ModelVersion> {
    checkStatusChange(change);
    const { status, by, reason } = change;
    for (;;) {
      const { history } = await this.get(model, version);
      const decision = { schema: SCHEMA, at: new Date().toISOString(), status, by, reason };
      const file = this.#decisionFile(model, version, history.length + 1);
      if (await this.#claim(file, decision)) return this.get(model, version);
    }
  }

  async #withHistory({ schema: _, token: __, decision, ...facts }: VersionDocument): Promise<ModelVersion> {
    const history: ApprovalDecision[] = [decision];
    for (;;) {
      const next = await this.#decision(facts.model, facts.version, history.length + 1);
      if (next === null) break;
      history.push(next);
    }
    return { ...facts, status: history.at(-1)!.status, createdAt: decision.at, history };
  }

  /** Null after the last one. */
  async #decision(model: string, version: number, number: number): Promise<ApprovalDecision | null> {
    const file = this.#decisionFile(model, version, number);
    let found = await readDocument(file, decisionSchema, SCHEMA);
    if (found === null) {
      // One look decides: a second could see what other processes write meanwhile, and take this decision for lost.
      if ((await this.#lastDecision(model, version)) <= number) return null;
      found = await readDocument(file, decisionSchema, SCHEMA);
      if (found === null)
        throw this.#lostFile(`decision ${number} about version ${version} of ${model}`, file);
    }
    const { schema: _, ...decision } = found;
    return decision;
  }

  async #lastDecision(model: string, version: number): Promise<number> {
    const names = await this.#names(this.#folder(model));
    const prefix = `${padded(version, 6)}.`;
    const numbers = names
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => /^(\d{3,})\.json$/.exec(name.slice(prefix.length))?.[1] ?? []);
    return Math.max(1, ...numbers.map(Number));
  }

  /** Whether the file is ours now; false when another writer was first. */
  async #claim(file: string, document: object): Promise<boolean> {
    try {
      await createFile(file, `${documentText(document, 2)}\n`);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  async #document(model: string, version: number): Promise<VersionDocument | null> {
    return readDocument(this.#versionFile(model, version), documentSchema, SCHEMA);
  }

  /** A number that became free because its file was removed must not be given to another model. */
  async #checkNoneAfter(model: string, number: number): Promise<void> {
    const last = (await this.#numbers(model)).at(-1) ?? 0;
    // Another process may have written it since it was looked for.
    if (last > number && (await this.#document(model, number)) === null)
      throw this.#lostVersion(model, number);
  }

  #lostVersion(model: string, version: number): DataError {
    return this.#lostFile(`version ${version} of ${model}`, this.#versionFile(model, version));
  }

  #lostFile(what: string, file: string): DataError {
    return new DataError(`the registry has lost ${what}`, {
      expected: 'a file for every number up to the last',
      where: { file },
      remedy: 'Restore it from a copy; to take a model out of use, reject it.',
    });
  }

  async #numbers(model: string): Promise<number[]> {
    const names = await this.#names(this.#folder(model));
    return names
      .flatMap((name) => /^(\d{6})\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  async #names(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (cause) {
      if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
      throw new StoreError('the registry cannot be read', {
        found: (cause as Error).message,
        where: { file: folder },
        cause,
      });
    }
  }

  #versionFile(model: string, version: number): string {
    return join(this.#folder(model), `${padded(version, 6)}.json`);
  }

  #decisionFile(model: string, version: number, decision: number): string {
    return join(this.#folder(model), `${padded(version, 6)}.${padded(decision, 3)}.json`);
  }

  #folder(model: string): string {
    checkModelName(model);
    return join(this.#root, model);
  }
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
