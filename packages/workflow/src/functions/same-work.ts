import { createHash } from 'node:crypto';
import type { RunState, Summary } from './state.ts';
import type { StepServices } from './step-services.ts';

/** An execution that is at a piece of work, or was. */
export interface Worker {
  readonly execution: string;
  readonly run: string;
  /** Run of the execution that it has waited for. */
  readonly after?: string | null;
}

/** Whose turn it is. */
export type Turn =
  | {
      readonly kind: 'ours';
      /** Run of the execution that was waited for; null: none was. */
      readonly after: string | null;
    }
  /** Another execution was at it when this one began: it has to be asked about. */
  | { readonly kind: 'another'; readonly worker: Worker };

/** An execution that wants to do something. */
export interface WorkRequest extends Omit<Worker, 'after'>, Pick<RunState, 'data' | 'parameters'> {
  readonly workflow: string;
  /** The execution that this one has waited for, and that is over now. */
  readonly over: string | null;
}

/**
 * Takes a piece of work: a workflow on a folder of data. An arrival, the clock and a person may start the same on one Monday, alone or as
 * part of `weekly`; at the same time it would take twice the machines and register two versions of the same. So whoever comes second
 * waits. What the first has made of the same data need not be made again ({@link doneBefore}).
 *
 * Every worker leaves a file of the next number, which only one can write; the highest holds.
 * @param request of the execution
 * @param services of the place
 * @returns whose turn it is
 */
export async function takeWork(request: WorkRequest, services: StepServices): Promise<Turn> {
  const { execution, run, workflow, data, parameters, over } = request;
  const { files, artifacts, now } = services;
  const digest = createHash('sha256')
    .update(JSON.stringify([workflow, data, Object.entries(parameters).sort()]))
    .digest('hex');
  const folder = `${artifacts}claims/work/${digest}/`;
  for (;;) {
    // What is being written is not yet there, on a machine under another name.
    const taken = (await files.list(folder)).filter((uri) => /\/\d{6}\.json$/.test(uri)).sort();
    const last = taken.at(-1);
    const holder = last === undefined ? null : (JSON.parse((await files.read(last))!) as Worker);
    if (holder?.execution === execution) return { kind: 'ours', after: holder.after ?? null };
    const isOver =
      holder === null ||
      holder.execution === over ||
      (await summaryOf(holder.run, workflow, services)) !== null;
    if (!isOver) return { kind: 'another', worker: holder };
    const after = holder !== null && holder.execution === over ? holder.run : null;
    const mine = { execution, run, after, workflow, data, parameters, at: now().toISOString() };
    // The number after the highest, not their count: old files expire. Where another was faster, it is looked at anew.
    const number = last === undefined ? 1 : Number(/(\d{6})\.json$/.exec(last)![1]) + 1;
    const next = `${folder}${String(number).padStart(6, '0')}.json`;
    if (await files.writeIfAbsent(next, JSON.stringify(mine))) return { kind: 'ours', after };
  }
}

/**
 * What an execution that was waited for has made of the same data, as the result of the one that waited.
 * @param state of the one that waited
 * @param fingerprint of its data, which may have been delivered anew meanwhile
 * @param services of the place
 * @returns null where it has not waited, or the other came to nothing, or knew other data
 */
export async function doneBefore(
  { after, run, workflow }: RunState,
  fingerprint: string,
  services: StepServices,
): Promise<Summary | null> {
  if (after === null) return null;
  const summary = await summaryOf(after, workflow, services);
  if (summary === null || summary.status === 'incomplete' || summary.dataset?.fingerprint !== fingerprint)
    return null;
  // Whoever waits for this one in turn has to find it.
  await services.files.write(
    `${services.artifacts}runs/${run}/${workflow}.json`,
    `${JSON.stringify(summary, null, 2)}\n`,
  );
  return summary;
}

/** Each execution leaves one at the end of its work, whatever came of it. */
async function summaryOf(
  run: string,
  workflow: string,
  { files, artifacts }: StepServices,
): Promise<Summary | null> {
  const text = await files.read(`${artifacts}runs/${run}/${workflow}.json`);
  return text === null ? null : (JSON.parse(text) as Summary);
}
