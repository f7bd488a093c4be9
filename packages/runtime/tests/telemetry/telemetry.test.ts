import { describe, expect, it } from 'vitest';
import { parseTelemetryLine } from '@hemline/sagemaker';
import { run } from '../fixtures/fabricate-root.ts';

describe('the telemetry of a job that nobody watches', () => {
  it('is JSON lines on standard error and metrics on standard output, with few lines of progress', async () => {
    const { code, stdout, stderr } = await run('tell.ts', '/nowhere');
    expect(code).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ model: 'smoothing', job: 'job-1', host: 'algo-1' });
      expect(line).toMatch(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
    }
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', msg: 'begun', seed: 1 });
    const told = lines.map(parseTelemetryLine);
    expect(told).toMatchObject([
      { kind: 'log', level: 'info', message: 'begun' },
      { kind: 'log', level: 'warn', message: 'careful' },
      { kind: 'log', level: 'error', message: 'broken' },
      { kind: 'progress', event: { phase: 'reading', done: 1, total: 1000, unit: 'rows' } },
      { kind: 'progress', event: { phase: 'reading', done: 1000, total: 1000, unit: 'rows' } },
      { kind: 'progress', event: { phase: 'counting', done: 1, total: null, unit: 'rows' } },
      { kind: 'log', level: 'info', message: 'the job ends' },
    ]);
    // Progress, and the end, say how much memory the process has had.
    const peaks = told.slice(3).map((line) => (line as { peakMemoryBytes: number }).peakMemoryBytes);
    expect(peaks[0]).toBeGreaterThan(10 * 2 ** 20);
    expect(peaks).toEqual(peaks.toSorted((a, b) => a - b));
    const printed = stdout.trimEnd().split('\n');
    expect(printed[0]).toBe('hemline_metric loss=0.25;');
    expect(JSON.parse(printed[1]!)).toMatchObject({ loss: 0.25, model: 'smoothing' });
    // What is no number has no place in the embedded format, whose values are numbers.
    expect(printed.slice(2)).toEqual(['hemline_metric ratio=NaN;']);
  });
});
