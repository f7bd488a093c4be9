import { describe, expect, it } from 'vitest';
import { RecordBuilder } from '../../src/records/fold-events.ts';
import type { RunEvent } from '../../src/records/run-event.ts';

const at = '2026-01-05T04:00:00.000Z';
const OPENED: RunEvent = {
  ...{ type: 'opened', at, run: 'weekly-1', kind: 'weekly', command: [], parameters: {}, prices: null },
  code: { version: '1', commit: null, dirty: null },
  process: { pid: 1, host: 'here', started: null, node: '24' },
} as unknown as RunEvent;

const failed = (step: string, message: string): RunEvent =>
  ({ type: 'step failed', at, step, error: { message, log: null } }) as unknown as RunEvent;
const problem = (message: string): RunEvent => ({ schema: 1, type: 'problem', at, step: null, message });

function problemsOf(...events: readonly RunEvent[]): string[] {
  const builder = new RecordBuilder();
  for (const event of [OPENED, ...events]) builder.add(event);
  return builder.build()!.problems.map(({ step, message }) => `${step ?? '-'}: ${message}`);
}

describe('the problems of a run', () => {
  const STEP = 'inference/ape: forecast';

  it('tell a reason once, with all that is said of it', () => {
    expect(problemsOf(failed(STEP, 'no number'), failed(STEP, 'no number'))).toEqual([`${STEP}: no number`]);
    expect(problemsOf(failed(STEP, 'no number'), problem('ape: forecast failed: no number'))).toEqual([
      '-: ape: forecast failed: no number',
    ]);
    const fellBack: RunEvent = {
      ...{ type: 'step fell back', at, step: STEP, to: 'ape 1' },
      reason: 'version 2 failed to forecast: no number',
    } as RunEvent;
    expect(problemsOf(failed(STEP, 'no number'), fellBack)).toEqual([
      `${STEP}: ape 1 stands in: version 2 failed to forecast: no number`,
    ]);
  });

  it('keep what is said of another model, or of another reason', () => {
    expect(
      problemsOf(
        failed(STEP, 'no number'),
        failed('inference/bee: forecast', 'no number'),
        failed(STEP, 'no room'),
        problem('bee: forecast failed: no number'),
      ),
    ).toEqual([`${STEP}: no number`, `${STEP}: no room`, '-: bee: forecast failed: no number']);
    // A name that is part of another is another.
    for (const longer of ['ape-2', 'grape', 'great-ape'])
      expect(problemsOf(failed(STEP, 'no number'), problem(`${longer}: forecast failed: no number`))).toEqual(
        [`${STEP}: no number`, `-: ${longer}: forecast failed: no number`],
      );
  });
});
