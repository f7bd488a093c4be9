import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Comparison, Contestant, Measured, Verdict } from './contestant.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');
/** Scripts that measure hemline itself, and not a peer. */
const OURS = /\/(hemline-[^/]+|run-grid|forecast-[^/]+)\.ts$/;

/**
 * The same comparison with another checkout of hemline, such as the commit before, in the place of the peers: on the same data, in
 * turn, with the same check of the results.
 * @param comparison of this checkout
 * @param directory of the other checkout, set up
 * @returns each of our contestants, followed by itself as it is there
 */
export function beside(comparison: Comparison, directory: string): Comparison {
  const contestants: Contestant[] = [];
  const pairs: [ours: string, theirs: string][] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const contestant of comparison.contestants.filter(({ program }) => OURS.test(program.args[0] ?? ''))) {
    const [script, ...args] = contestant.program.args as [string, ...string[]];
    const there = elsewhere(script, directory);
    // A script that is new is ours to run in both; what it starts is told by its arguments.
    const program = {
      ...contestant.program,
      args: [existsSync(there) ? there : script, ...args.map((text) => elsewhere(text, directory))],
    };
    if (program.args.every((text, i) => text === contestant.program.args[i])) {
      skipped.push({ name: contestant.name, reason: `${directory} does not have it` });
      continue;
    }
    const before = { name: `${contestant.name}, there`, program };
    contestants.push(contestant, before);
    pairs.push([contestant.name, before.name]);
  }
  const verdicts = (find: (name: string) => Measured | null): Verdict[] =>
    pairs.map(([ours, theirs]) => {
      const value = find(ours)!.seconds.median / find(theirs)!.seconds.median;
      return { requirement: `${ours}: no slower than there`, value, limit: 1, holds: value <= 1 };
    });
  return { ...comparison, contestants, skipped, reference: pairs[0]?.[1] ?? '', verdicts };
}

/** A source of this workspace as the other checkout has it; any other text as it is. */
function elsewhere(text: string, directory: string): string {
  const inside = relative(WORKSPACE, text);
  const isSource = text.startsWith(`${WORKSPACE}${sep}`) && /^(models|packages|tools)\b.*\.ts$/.test(inside);
  return isSource ? join(resolve(directory), inside) : text;
}
