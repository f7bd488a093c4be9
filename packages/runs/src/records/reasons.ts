import type { RunRecord } from './run-record.ts';

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
    const model = models.find((name) => isAbout(name, step, message)) ?? null;
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

function isAbout(model: string, step: string | null, message: string): boolean {
  return (
    message.startsWith(`${model}: `) ||
    (step !== null && (step.includes(`/${model}: `) || step.endsWith(` ${model}`)))
  );
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
