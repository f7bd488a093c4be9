import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyModel } from '@hemline/core';
import {
  embeddedMetric,
  metricDefinitions,
  metricLine,
  parseTelemetryLine,
} from '../../src/telemetry/telemetry-lines.ts';

const smoothing = { name: 'smoothing', trainingMetrics: ['loss', 'fit.epochs'] } as unknown as AnyModel;

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, -1e21, 1e-7, 5e-324, Number.MAX_VALUE, 0.1, 100, NaN, Infinity, -Infinity),
);

describe('metric lines', () => {
  it('are read by the definitions that the platform is given, whatever the number', () => {
    const definitions = metricDefinitions(smoothing);
    expect(definitions.map((each) => each.Name)).toEqual(smoothing.trainingMetrics);
    fc.assert(
      fc.property(fc.nat(definitions.length - 1), anyNumber, (which, value) => {
        const { Name, Regex } = definitions[which]!;
        expect(Regex.length).toBeLessThanOrEqual(500);
        const line = metricLine(Name, value);
        const group = new RegExp(Regex).exec(line)?.[1];
        expect(Number(group)).toBe(value + 0);
        expect(parseTelemetryLine(line)).toEqual({ kind: 'metric', name: Name, value: value + 0 });
        // Nor does any other definition, or the embedded format of the same metric, count it once more.
        const counted = [line, embeddedMetric({ model: 'm', job: 'j', host: 'h' }, Name, value)].flatMap(
          (text) => definitions.filter((each) => new RegExp(each.Regex).test(text)),
        );
        expect(counted).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('take a name literally', () => {
    const [, definition] = metricDefinitions(smoothing);
    expect(definition!.Name).toBe('fit.epochs');
    expect(new RegExp(definition!.Regex).test(metricLine('fitXepochs', 1))).toBe(false);
  });

  it('are refused when the platform takes fewer', () => {
    const trainingMetrics = Array.from({ length: 41 }, (_, i) => `m${i}`);
    const model = { ...smoothing, trainingMetrics } as AnyModel;
    expect(() => metricDefinitions(model)).toThrow(/at most 40, found 41 of smoothing/);
    expect(metricDefinitions({ ...model, trainingMetrics: trainingMetrics.slice(1) })).toHaveLength(40);
  });
});

describe('the embedded metric format', () => {
  it("has the shape of CloudWatch's specification", () => {
    const facts = { model: 'smoothing', job: 'job-1', host: 'algo-1' };
    expect(JSON.parse(embeddedMetric(facts, 'loss', 0.25, 1_767_571_200_000))).toEqual({
      _aws: {
        Timestamp: 1_767_571_200_000,
        CloudWatchMetrics: [
          { Namespace: 'hemline', Dimensions: [['model']], Metrics: [{ Name: 'loss', Unit: 'None' }] },
        ],
      },
      ...facts,
      loss: 0.25,
    });
  });
});

describe('parseTelemetryLine', () => {
  it('passes over what is not ours', () => {
    for (const line of ['', 'hello', '{', '{}', '{"a":1}', 'hemline_metric', 'hemline_metric loss=;'])
      expect(parseTelemetryLine(line), line).toBeNull();
  });
});
