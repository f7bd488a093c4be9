import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { RunLock } from '@hemline/runs/documents';
import type { ResolvedMachine } from '../stack/resolve-definition.ts';
import { branchesByItem, mapOf, statesOf, type AslMachine } from './definition.ts';
import { canonical } from './journal.ts';

/** A workflow of one model, on given data with given parameters and code. */
interface Work {
  /** `training of demand-naive`. */
  readonly name: string;
  readonly digest: string;
}

/** The work of a run, held as long as its process lives: `weekly`, `training` and `inference` share theirs. */
export class WorkLocks {
  readonly #locks: readonly RunLock[];

  private constructor(locks: readonly RunLock[]) {
    this.#locks = locks;
  }

  /**
   * Takes the work of a run.
   * @param folder of the locks
   * @param machines by workflow
   * @param workflow that is to run
   * @param on what it is run: everything that makes it other work
   * @returns the locks, to be released
   * @throws ConflictError when another process is at some of it
   */
  static async take(
    folder: string,
    machines: ReadonlyMap<string, ResolvedMachine>,
    workflow: string,
    on: unknown,
  ): Promise<WorkLocks> {
    const locks: RunLock[] = [];
    try {
      for (const { name, digest } of worksOf(machines, workflow, on))
        locks.push(await RunLock.take(join(folder, digest), `${name} on this data`));
    } catch (error) {
      await new WorkLocks(locks).release();
      throw error;
    }
    return new WorkLocks(locks);
  }

  /** Gives it back. */
  async release(): Promise<void> {
    for (const lock of this.#locks) await lock.release();
  }
}

/** Of a chain, the work is that of the workflows that it starts. */
function worksOf(
  machines: ReadonlyMap<string, ResolvedMachine>,
  workflow: string,
  on: unknown,
): readonly Work[] {
  const machine = machines.get(workflow)!.definition as unknown as AslMachine;
  const states = statesOf(machine).map(({ state }) => state);
  const started = states
    .filter(({ Resource }) => Resource?.endsWith('startExecution.sync:2') === true)
    .map((state) => (state['Parameters'] as { readonly StateMachineArn: string }).StateMachineArn);
  if (started.length > 0)
    return [...machines]
      .filter(([, { logicalId }]) => started.includes(logicalId))
      .flatMap(([name]) => worksOf(machines, name, on));
  const ways = states.flatMap((state) => {
    const map = mapOf(state);
    return map === undefined ? [] : (branchesByItem(map) ?? []);
  });
  return ways.map((model) => ({
    name: `${workflow} of ${model}`,
    digest: createHash('sha256')
      .update(canonical([workflow, model, statesOfModel(machine, model), on]))
      .digest('hex')
      .slice(0, 32),
  }));
}

/** Another hyperparameter is other work: its states tell. */
function statesOfModel(machine: AslMachine, model: string): unknown {
  return statesOf(machine)
    .filter(({ name }) => name === model || name.startsWith(`${model}: `))
    .map(({ name, state }) => [name, state]);
}
