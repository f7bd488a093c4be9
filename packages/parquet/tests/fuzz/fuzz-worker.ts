import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { HemlineError } from '@hemline/core';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { memorySource } from '../../src/memory.ts';
import { MUTATIONS } from './mutate.ts';
import { OWN_FILES } from './own-files.ts';
import { readAll } from './read-all.ts';

/** What came of a damaged file. */
export interface FuzzOutcome {
  readonly name: string;
  readonly kind: 'same' | 'refused' | 'silent' | 'defect';
  readonly detail: string;
}

const { seed, count, golden } = workerData as { seed: number; count: number; golden: string };
const random = xoroshiro128plus(seed);
const files = new Map<string, { bytes: Uint8Array; digest: string }>();
for (const name of readdirSync(golden).filter(
  (each) => each.endsWith('.parquet') && each !== 'bytes.parquet',
))
  await add(name, new Uint8Array(readFileSync(join(golden, name))));
for (const [name, make] of Object.entries(OWN_FILES)) await add(name, await make());

async function add(name: string, bytes: Uint8Array): Promise<void> {
  files.set(name, { bytes, digest: await readAll(memorySource(bytes)) });
}

const names = [...files.keys()];
const kinds = Object.keys(MUTATIONS);
const pick = <T>(list: readonly T[]): T => list[uniformInt(random, 0, list.length - 1)]!;
for (let i = 0; i < count; i++) {
  const name = pick(names);
  const kind = pick(kinds);
  const damaged = MUTATIONS[kind]!(files.get(name)!.bytes, files.get(pick(names))!.bytes, random);
  // Told before it is tried: what hangs or kills is known by it.
  const label = `${name}, ${kind}, mutation ${i} of seed ${seed}`;
  parentPort!.postMessage({ trying: label });
  parentPort!.postMessage({ outcome: await outcomeOf(label, name, damaged) });
}
parentPort!.postMessage({ done: true });

async function outcomeOf(label: string, name: string, damaged: Uint8Array): Promise<FuzzOutcome> {
  try {
    const digest = await readAll(memorySource(damaged));
    if (digest === files.get(name)!.digest) return { name, kind: 'same', detail: label };
    // A splice may be another file, whole.
    const isOther = [...files.values()].some((other) => other.digest === digest);
    return { name, kind: isOther ? 'same' : 'silent', detail: label };
  } catch (error) {
    if (error instanceof HemlineError) return { name, kind: 'refused', detail: label };
    return { name, kind: 'defect', detail: `${label}: ${(error as Error).stack}` };
  }
}
