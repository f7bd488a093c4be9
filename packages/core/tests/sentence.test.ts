import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../src/errors/causes.ts';
import { endSentence } from '../src/errors/sentence.ts';

/** What messages are made of: words that bring an end along, paths with dots, questions, quotes. */
const part = fc
  .tuple(
    fc.stringMatching(/^[a-z/]{1,8}( [a-z.]{1,6}[a-z])?$/),
    fc.constantFrom('', '.', '?', '!', '…', '."', '.)', '.so.', '?"'),
  )
  .map(([words, end]) => words + end);
const maybe = fc.option(part, { nil: undefined });

describe('messages', () => {
  it('end once, whatever they are made of', () => {
    fc.assert(
      fc.property(part, maybe, maybe, maybe, (problem, expected, found, file) => {
        const message = new DataError(problem, {
          ...{ expected, found },
          ...(file === undefined ? {} : { where: { file } }),
        }).message;
        expect(message).toMatch(/[.?!…]["')]?$/);
        expect(message).not.toMatch(/[.?!…]["')]?\.$|\.\.$/);
      }),
    );
  });

  it.each([
    [
      'set LIGHTGBM_LIBRARY to the path of lib_lightgbm.so.',
      'set LIGHTGBM_LIBRARY to the path of lib_lightgbm.so.',
    ],
    ['did you mean futureCovariates?', 'did you mean futureCovariates?'],
    ['more than it can cope with', 'more than it can cope with.'],
  ])('%s', (text, ended) => expect(endSentence(text)).toBe(ended));

  it('keep the parts apart for programs', () => {
    const error = new DataError('it is wrong.', { found: 'x', remedy: 'Mend it.' });
    expect(error.message).toBe('it is wrong; found x. Mend it.');
    expect([error.problem, error.expected, error.found, error.remedy]).toEqual([
      ...['it is wrong.', undefined, 'x', 'Mend it.'],
    ]);
  });
});
