import { ConfigurationError } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { FEATURE_OPTIONS, optionTexts, parseFeature, type KindOptions } from '../../src/index.ts';
import * as made from '../../src/index.ts';
import { EVERY_KIND } from '../support/every-kind.ts';

const demand = made.past('demand');

/** A feature of every kind that is as it should be, as it stands in a file. */
const SOUND = new Map(EVERY_KIND.map(({ definition }) => [definition.kind, definition]));

/** What happens when one option of a sound feature is another. */
function refused({ kind }: KindOptions, options: Readonly<Record<string, unknown>>): ConfigurationError {
  try {
    parseFeature({ ...SOUND.get(kind)!, ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error as ConfigurationError;
  }
  throw new Error(`${kind} takes ${JSON.stringify(options)}`);
}

const EACH = FEATURE_OPTIONS.map((declared) => [declared.kind, declared] as const);
const OPTIONS = EACH.flatMap(([kind, declared]) =>
  optionTexts(declared).map((text) => [kind, text.name, declared, text] as const),
);

describe('the options of features, by their schemas', () => {
  it('are described, each of them, and default or are required or may be left out', () => {
    expect(OPTIONS.length).toBeGreaterThan(40);
    for (const [kind, name, , text] of OPTIONS) {
      expect(text.description, `${kind}.${name}`).not.toBe('');
      expect(text.values, `${kind}.${name}`).not.toBe('text');
      expect(text.isRequired && text.default !== null).toBe(false);
    }
  });

  it.each(EACH)('%s: an option that there is not is refused', (_kind, declared) => {
    const { expected, found } = refused(declared, { zzz: 1 });
    expect(found).toBe('zzz: 1');
    expect(expected).toContain('options ');
  });

  it.each(OPTIONS)('%s, %s: a misspelt name is understood', (_kind, name, declared) => {
    expect(refused(declared, { [`${name}s`]: 1 }).remedy).toContain(`Did you mean ${name}`);
  });

  it.each(OPTIONS)('%s, %s: no value of another type, nor null', (_kind, name, declared, text) => {
    for (const value of [null, true, { a: 1 }])
      if (!(name === 'countries' && typeof value === 'object' && value !== null)) {
        const { expected, where } = refused(declared, { [name]: value });
        expect(expected).toBe(`${name}: ${text.values}`);
        expect(where.column).toBe(declared.kind);
      }
  });

  it.each(OPTIONS.filter(([, , , { values }]) => values.includes('number')))(
    '%s, %s: a number that makes no sense is refused, however it is written',
    (_kind, name, declared, text) => {
      for (const value of [-1, NaN, Infinity, '4', ...(text.values.includes('whole') ? [0, 1.5] : [])])
        expect(refused(declared, { [name]: value }).message).toContain(text.values);
    },
  );

  it.each(OPTIONS.filter(([, , , { values }]) => values.startsWith('one of')))(
    '%s, %s: a misspelt value is understood',
    (_kind, name, declared, text) => {
      const first = text.values.slice('one of '.length).split(', ')[0]!;
      expect(refused(declared, { [name]: `${first}x` }).remedy).toContain(`Did you mean ${first}?`);
    },
  );

  it('are told all at once', () => {
    const wrong = { window: 0, statistic: 'meen', lags: 2 } as never;
    expect(() => made.rolling(demand, wrong)).toThrow(
      'a feature has an option that makes no sense (column rolling); expected window: a whole number of at least 1; ' +
        'statistic: one of mean, sum, std, min, max, quantile, zeroShare; options window, statistic, quantile, minSamples, lag, ' +
        'found window: 0; statistic: meen; lags: 2. Did you mean mean? Did you mean lag?',
    );
  });

  it.each([
    [
      'a quantile that is not said',
      () => made.rolling(demand, { statistic: 'quantile', window: 4 }),
      'no quantile',
    ],
    ['a group by nothing', () => made.ofOthers(made.future('discount'), { by: [] }), 'found by: []'],
    [
      'a group by the same twice',
      () => made.lessGroup(made.future('discount'), { by: ['a', 'a'] }),
      'each once',
    ],
    ['no wave', () => made.yearWaves(0), 'order: a whole number of at least 1'],
    ['half a wave', () => made.yearWaves(1.5), 'found order: 1.5'],
    [
      'an event by another name',
      () => made.saleEvent({ name: 'Black Friday', measure: 'to' }),
      'such as black_friday',
    ],
    [
      'an event misspelt',
      () => made.saleEvent({ name: 'black_fryday', measure: 'to' }),
      'Did you mean black_friday?',
    ],
    [
      'options that are none',
      () => made.saleEvent('Black Friday' as never),
      'an object of options: name, measure',
    ],
    [
      'a column that is none',
      () => made.lag('demand' as never),
      'found "demand". Write lag(past(\'demand\'), …).',
    ],
    ['the future of the past', () => made.change(demand as never), 'what nobody knows ahead'],
  ])('%s is refused', (_what, make, message) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });
});
