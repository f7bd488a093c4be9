import fc from 'fast-check';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { HyperparameterError, parseWeek, type AnyModel } from '@hemline/core';
import {
  describeHyperparameters,
  encodeHyperparameters,
  parseHyperparameters,
  type ParsedHyperparameters,
} from '../../src/hyperparameters/hyperparameters.ts';
import { smoothing } from '../fixtures/smoothing-model.ts';

const parse = (raw: Readonly<Record<string, string>>): ParsedHyperparameters =>
  parseHyperparameters(smoothing, raw);
const valuesOf = (raw: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
  parse(raw).hyperparameters;

function problemOf(raw: Readonly<Record<string, string>>): string {
  try {
    parse(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(HyperparameterError);
    return (error as Error).message;
  }
  return expect.fail('it should have been refused');
}

describe('parseHyperparameters', () => {
  it('gives the defaults of what is not given', () => {
    expect(parse({})).toEqual({
      hyperparameters: { epochs: 5, rate: 0.1, start: 'low', label: '', trend: false, lags: [], brands: [] },
      cutoff: null,
      seed: 1,
    });
  });

  it.each([
    ['epochs', '3', 3],
    ['rate', '1e-3', 0.001],
    ['start', 'high', 'high'],
    ['trend', 'true', true],
    ['trend', 'False', false],
    ['trend', '1', true],
    // What a JSON parser would turn into another type stays text where text is wanted.
    ['label', 'true', 'true'],
    ['label', '1e3', '1e3'],
    ['label', 'null', 'null'],
    ['label', '{"a":1}', '{"a":1}'],
    ['lags', '1, 4,52', [1, 4, 52]],
    ['lags', '[1,4,52]', [1, 4, 52]],
    ['lags', '', []],
    ['brands', 'a,b', ['a', 'b']],
    ['brands', '["a,b","c"]', ['a,b', 'c']],
    // Some clients encode every value as JSON.
    ['epochs', '"3"', 3],
    ['label', '"two words"', 'two words'],
    ['label', '"a\\"b"', 'a"b'],
    ['label', '"a" and "b"', '"a" and "b"'],
  ])('reads %s=%s by its schema', (name, text, expected) => {
    expect(valuesOf({ [name]: text })[name]).toEqual(expected);
  });

  it("passes over the platform's own", () => {
    expect(
      parse({ sagemaker_program: 'x', sagemaker_region: '"y"', _tuning_objective_metric: 'loss' }),
    ).toEqual(parse({}));
  });

  it('reads cutoff and seed for the runtime', () => {
    expect(parse({ cutoff: '"2025-06-02"', seed: '42' })).toMatchObject({
      cutoff: parseWeek('2025-06-02'),
      seed: 42,
    });
  });

  it('puts a preset below explicit values', () => {
    expect(valuesOf({ preset: 'slow' })).toMatchObject({ epochs: 9, rate: 0.01 });
    expect(valuesOf({ epochs: '4', preset: 'slow' })).toMatchObject({ epochs: 4, rate: 0.01 });
    expect(problemOf({ preset: 'fast' })).toMatch(/preset: expected one of tiny, slow, found fast/);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'knows no hyperparameter or preset named %s',
    (name) => {
      expect(problemOf({ [name]: '1' })).toContain(`${name}: there is no such hyperparameter`);
      expect(problemOf({ preset: name })).toContain(`found ${name}`);
    },
  );

  it('says what was meant by an unknown name', () => {
    expect(problemOf({ epoch: '3' })).toMatch(
      /epoch: there is no such hyperparameter, did you mean epochs\?/,
    );
    expect(problemOf({ sed: '3' })).toMatch(/did you mean seed\?/);
    expect(problemOf({ zzzzzzzz: '3' })).toMatch(/there are epochs, rate, start/);
  });

  it('names every problem at once', () => {
    const message = problemOf({
      epochs: '1.5',
      rate: 'fast',
      start: 'middle',
      trend: 'maybe',
      lags: '1,x',
      seed: '-1',
      cutoff: '2025-02-30',
      epoch: '3',
    });
    for (const name of ['epochs', 'rate', 'start', 'trend', 'lags', 'seed', 'cutoff', 'epoch'])
      expect(message).toMatch(new RegExp(`(found |; )${name}: `));
    expect(message.match(/rate: /g)).toHaveLength(1);
  });

  it.each(['NaN', 'Infinity', '', ' ', '1,5', '0x'])('takes %j for no number', (text) => {
    expect(problemOf({ rate: text })).toContain(`rate: expected a number, found ${JSON.stringify(text)}`);
  });
});

describe('encodeHyperparameters', () => {
  it('is undone by parsing', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('"', '""', '"quoted"', '"a" b', 'a\nb', '"a\nb"', '[1', 'true', ' ', '\\'),
    );
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const values = fc.record({
      epochs: fc.integer({ min: 1 }),
      rate: fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true }),
      start: fc.constantFrom('low', 'high'),
      label: text,
      trend: fc.boolean(),
      lags: fc.array(number, { maxLength: 4 }),
      brands: fc.array(text, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(values, (given) => {
        const encoded = encodeHyperparameters(given);
        // The platform takes no line breaks.
        for (const value of Object.values(encoded)) expect(value).not.toMatch(/[\n\r]/);
        expect(valuesOf(encoded)).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses more, or longer ones, than the platform takes', () => {
    expect(encodeHyperparameters({ label: 'x'.repeat(256), epochs: undefined })).toEqual({
      label: 'x'.repeat(256),
    });
    expect(() => encodeHyperparameters({ label: 'x'.repeat(257) })).toThrow(/label with 257 characters/);
    expect(() => encodeHyperparameters({ ['n'.repeat(257)]: 1 })).toThrow(HyperparameterError);
    const many = (count: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, i]));
    expect(Object.keys(encodeHyperparameters(many(100)))).toHaveLength(100);
    expect(() => encodeHyperparameters(many(101))).toThrow(/at most 100.*found 101/);
  });
});

describe('describeHyperparameters', () => {
  it('tells name, type, default and meaning', () => {
    const described = describeHyperparameters(smoothing);
    expect(described).toHaveLength(7);
    expect(described.slice(0, 3)).toEqual([
      { name: 'epochs', type: 'number', default: '5', description: 'passes of gradient descent' },
      { name: 'rate', type: 'number', default: '0.1', description: 'step of gradient descent' },
      { name: 'start', type: 'low | high', default: 'low', description: 'smoothing factor to start from' },
    ]);
    expect(described[5]).toMatchObject({ name: 'lags', type: 'number, number, …' });
  });

  it('refuses a schema that text cannot stand for', () => {
    const hyperparameters = z.object({ nested: z.object({}).default({}) });
    expect(() => describeHyperparameters({ ...smoothing, hyperparameters } as AnyModel)).toThrow(TypeError);
  });
});
