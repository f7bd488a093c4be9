import { describe, expect, it } from 'vitest';
import { ConfigurationError, StoreError } from '@hemline/core';
import { followJob } from '../../src/submit/follow-job.ts';
import type { JobStatus } from '../../src/submit/job-status.ts';
import type { LogLine } from '../../src/submit/job-logs.ts';

const status = (text: string): JobStatus => {
  const [status, phase = null] = text.split(' ') as [JobStatus['status'], string?];
  const rest = { reason: null, billableSeconds: null, artifact: null, metrics: {} };
  return { kind: 'train', name: 'job', status, phase, ...rest };
};

/** A job that goes through these states, one a look, printing these lines at each. */
function follow(states: readonly (string | Error)[], printed: readonly string[][], abortAfter = Infinity) {
  const told: string[] = [];
  const controller = new AbortController();
  let look = 0;
  const jobs = {
    describe: (): Promise<JobStatus> => {
      if (look === abortAfter) controller.abort();
      const state = states[Math.min(look, states.length - 1)]!;
      if (state instanceof Error) {
        look++;
        return Promise.reject(state);
      }
      return Promise.resolve(status(state));
    },
  };
  const logs = {
    read: (): Promise<LogLine[]> =>
      Promise.resolve((printed[look++] ?? []).map((text) => ({ host: 'algo-1', text }))),
  };
  const end = followJob(
    jobs,
    logs,
    { kind: 'train', name: 'job' },
    {
      signal: controller.signal,
      pollMilliseconds: 1,
      onStatus: ({ status, phase }) => told.push(`${status} ${phase}`),
      onLine: ({ text }) => told.push(text),
      onFailure: ({ message }) => told.push(message),
    },
  );
  return { end, told };
}

describe('followJob', () => {
  it('tells every change once, every line, and lines that come after the end', async () => {
    const states = [
      'InProgress Starting',
      'InProgress Starting',
      'InProgress Training',
      'Completed Completed',
    ];
    const { end, told } = follow(states, [[], ['a'], ['b', 'c'], [], ['d'], [], [], ['never read']]);
    expect(await end).toMatchObject({ status: 'Completed' });
    expect(told).toEqual([
      'InProgress Starting',
      'a',
      'InProgress Training',
      'b',
      'c',
      'Completed Completed',
      'd',
    ]);
  });

  it('needs no logs, and then leaves as soon as the job has ended', async () => {
    const told: string[] = [];
    const states = ['InProgress', 'Completed'];
    const end = await followJob(
      { describe: () => Promise.resolve(status(states.shift()!)) },
      null,
      { kind: 'process', name: 'job' },
      {
        ...{ signal: new AbortController().signal, pollMilliseconds: 1 },
        onStatus: (seen) => told.push(seen.status),
        onLine: (line) => told.push(line.text),
        onFailure: (error) => told.push(error.message),
      },
    );
    expect([end!.status, told]).toEqual(['Completed', ['InProgress', 'Completed']]);
  });

  it('leaves when it is told to, and says that the job has not ended', async () => {
    const { end, told } = follow(['InProgress Training'], [['a'], ['b']], 1);
    expect(await end).toBeNull();
    expect(told).toEqual(['InProgress Training', 'a', 'b']);
  });

  it('looks again after a failure that may pass, and not after another', async () => {
    const { end, told } = follow([new StoreError('the line is down'), 'Failed'], []);
    expect(await end).toMatchObject({ status: 'Failed' });
    expect(told).toEqual(['the line is down.', 'Failed null']);
    await expect(follow([new ConfigurationError('not allowed')], []).end).rejects.toThrow('not allowed');
    await expect(follow([new StoreError('down for good')], []).end).rejects.toThrow('down for good');
  });
});
