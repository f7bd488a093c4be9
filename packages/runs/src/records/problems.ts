import type { RunRecord } from './run-record.ts';

/** Something that went wrong, of a step or of the run. */
export interface Problem {
  readonly step: string | null;
  readonly message: string;
}

/**
 * Adds a problem. It takes the place of what an earlier one of the same step or model has said, where it says that and more: a reason is
 * told once, and nothing that was said is lost.
 * @param problems of a run, so far
 * @param problem that is added
 */
export function addProblem<P extends Problem>(problems: P[], problem: P): void {
  const kept = problems.filter((earlier) => !isWithin(earlier, problem));
  problems.splice(0, problems.length, ...kept, problem);
}

function isWithin(earlier: Problem, later: Problem): boolean {
  if (!later.message.includes(earlier.message)) return false;
  return earlier.step === later.step || (earlier.step !== null && isOf(subjectOf(earlier.step), later));
}

/** What a step is of: `demand-naive` of `inference/demand-naive: forecast`. */
function subjectOf(step: string): string {
  return step.slice(step.lastIndexOf('/') + 1).split(': ')[0]!;
}

/** Whether a problem is of a model: of a run's own the message says it, `demand-naive: forecast failed: …`. */
function isOf(model: string, { step, message }: Problem): boolean {
  if (message.startsWith(`${model}: `)) return true;
  return step !== null && (subjectOf(step) === model || step.endsWith(` ${model}`));
}

/** Something that went wrong, told once. */
export interface Reason {
  /** Model that it happened to; null of the run as a whole. */
  readonly model: string | null;
  readonly text: string;
}

/** What different parts of a run put before one and the same reason. */
const PREFIXES = [/^[a-z0-9-]+ \d+ stands in: /, /^[\w-]+(?: or [\w-]+)* failed: /, /^(?:[A-Z]\w*Error): /];
const SUFFIXES = [/, exit code: \d+$/, /\.$/];
/** What is shorter, such as `no reason`, says nothing without what stands before it. */
const TELLING_ALONE = 20;
/** So much of the beginning tells two reasons apart: one may have been cut off where it was handed on. */
const TELLING = 120;

/**
 * The problems of a run, each once: the step that failed, the model whose step it was and what stood in for it all tell the same.
 * @param record of the run
 * @param models names of its models
 * @returns reasons in the order in which they came up
 */
export function reasonsOf({ problems }: Pick<RunRecord, 'problems'>, models: readonly string[]): Reason[] {
  const found: (Reason & { readonly core: string })[] = [];
  for (const { step, message } of problems) {
    const model = models.find((name) => isOf(name, { step, message })) ?? null;
    const text = model === null ? message : withoutStart(message, `${model}: `);
    const core = coreOf(text);
    const known = found.findIndex(
      (each) => (each.model === model || each.model === null || model === null) && isSame(each.core, core),
    );
    if (known === -1) found.push({ model, text: core.length < TELLING_ALONE ? tidied(text) : core, core });
    else if (found[known]!.model === null && model !== null) found[known] = { ...found[known]!, model };
  }
  return found.map(({ model, text }) => ({ model, text }));
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}

function coreOf(text: string): string {
  let core = text;
  for (const part of [...PREFIXES, ...PREFIXES, ...SUFFIXES]) core = core.replace(part, '');
  return core;
}

function isSame(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short !== '' && long.includes(short.slice(0, TELLING));
}

/** As a sentence that begins within a line. */
function tidied(text: string): string {
  return text.replace(/, exit code: \d+$/, '');
}
