import type { StepEvent } from '@hemline/workflow/local';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StepTree } from '../../src/terminal/step-tree.ts';

const step = { workflow: 'inference', state: 'ape: forecast', root: '/jobs/ape/forecast' };
const REASON = 'ape gave a forecast that is no number, exit code: 70';
const failed: StepEvent = { kind: 'failed', step, seconds: 1, reason: `${REASON}\nlog: /jobs/job.log` };
const begin: StepEvent[] = [
  { kind: 'waiting', step, seconds: 0 },
  { kind: 'started', step, seconds: 0 },
];

let written = '';
beforeEach(() => {
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

describe.each([
  ['a terminal', true],
  ['a log', false],
])('the steps of a run, on %s', (_, isTerminal) => {
  const show = (events: readonly StepEvent[]): string => {
    const tree = new StepTree(isTerminal);
    for (const event of events) tree.take(event);
    tree.stop();
    return written;
  };

  it('tell that one failed and where its log is; why is told by the result of the run', () => {
    const text = show([...begin, failed]);
    expect(text).toMatch(/ape: forecast:? failed.*, log: \/jobs\/job\.log/);
    expect(text).not.toContain(REASON);
  });

  it('tell why one failed that is tried again: the result may not', () => {
    const text = show([...begin, failed, ...begin, { kind: 'finished', step, seconds: 1 }]);
    expect(text).toContain(`ape: forecast is tried again, it failed: ${REASON}`);
    expect(text.split(REASON)).toHaveLength(2);
  });
});
