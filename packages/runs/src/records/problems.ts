/** Something that went wrong, of a step or of the run. */
export interface Problem {
  readonly step: string | null;
  readonly message: string;
}

/**
 * Adds a problem. It takes the place of what an earlier one of the same step or model has said, where it says that and more: a reason is
 * told once.
 * @param problems of a run, so far
 * @param problem that is added
 */
export function addProblem<P extends Problem>(problems: P[], problem: P): void {
  const kept = problems.filter((earlier) => !isWithin(earlier, problem));
  problems.splice(0, problems.length, ...kept, problem);
}

function isWithin(earlier: Problem, later: Problem): boolean {
  if (!later.message.includes(earlier.message)) return false;
  if (earlier.step === later.step) return true;
  // Of a run's own problems the message says which model they are of: `demand-naive: forecast failed: …`.
  return earlier.step !== null && names(`${later.step ?? ''} ${later.message}`, subjectOf(earlier.step));
}

/** Whether a text has a name in it that is not part of a longer one: of `demand-naive-2` nothing is said by it. */
function names(text: string, name: string): boolean {
  const isPartOfName = (character: string | undefined): boolean => /[\w-]/.test(character ?? '');
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!isPartOfName(text[at - 1]) && !isPartOfName(text[at + name.length])) return true;
  return false;
}

/** What a step is of: `demand-naive` of `inference/demand-naive: forecast`. */
function subjectOf(step: string): string {
  return step.slice(step.lastIndexOf('/') + 1).split(': ')[0]!;
}
