import { expect, it } from 'vitest';
import { isFinalFailure } from '../../src/functions/final-failure.ts';

const told = (reason: string): string => JSON.stringify({ ExitMessage: reason, ExitCode: 1 });

it.each([
  ['a wrong input', told('no such column, exit code: 65'), true],
  ['a wrong command line', told('unknown option, exit code: 2'), true],
  ['a defect', told('no number, exit code: 70'), true],
  ['an engine that is missing', told('LightGBM is not there, exit code: 78'), true],
  ['what may pass', told('the store does not answer, exit code: 75'), false],
  ['an end that nobody knows', told('it is gone, exit code: 255'), false],
  ['a job that was killed for its memory', told('AlgorithmError: , exit code: 137'), false],
  ['a job that was stopped', told('stopped, exit code: 143'), false],
  ['a spare machine that was taken away', told('ClientError: capacity'), false],
  ['no cause at all', undefined, false],
])('%s', (_, cause, isFinal) => {
  expect(
    isFinalFailure({ Error: 'States.TaskFailed', ...(cause === undefined ? {} : { Cause: cause }) }),
  ).toBe(isFinal);
});
