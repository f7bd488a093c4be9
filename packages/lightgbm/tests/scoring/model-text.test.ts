import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { LightgbmError } from '../../src/lightgbm-error.ts';
import { normalizeModelText, parseModelText } from '../../src/scoring/model-text.ts';
import { TreeModel } from '../../src/scoring/tree-model.ts';
import { values } from '../golden-values.ts';
import { golden, matrix, missingLibrary, validation } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;
const texts: Record<string, string> = {
  ...Object.fromEntries(Object.entries(golden.cases).map(([name, { text }]) => [name, text])),
  linear: values.shaping['linear_tree']!.text,
};

/** What happens to texts on their way. */
const ways: Record<string, (text: string) => string> = {
  'lines of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'lines of old': (text) => text.replaceAll('\n', '\r'),
  'a mark of byte order': (text) => `\uFEFF${text}`,
  'blanks at the ends': (text) => text.replaceAll('\n', ' \t\n'),
  'empty lines': (text) => `\n\n${text.replaceAll('\nleaf_value', '\n\n\nleaf_value')}\n\n`,
  'the end of the file cut': (text) => text.trimEnd(),
  'all of it': (text) => `\uFEFF \r\n${text.replaceAll('\n', '  \r\n')}`,
};

describe('the text of a model', () => {
  test.each(Object.keys(texts))('is left as LightGBM wrote it: %s', (name) => {
    const text = texts[name]!;
    // Blanks that LightGBM itself leaves behind features of linear leaves mean nothing.
    const plain = (one: string): string => one.replace(/ +$/gm, '').replace(/^tree_sizes=.*$/m, '');
    expect(plain(normalizeModelText(text))).toBe(plain(text));
    if (name !== 'linear') expect(normalizeModelText(text)).toBe(text);
  });

  test.each(Object.keys(ways))('is read through %s', (way) => {
    for (const [name, text] of Object.entries(texts)) {
      const changed = ways[way]!(text);
      expect(parseModelText(changed)).toEqual(parseModelText(text));
      expect(normalizeModelText(changed).trimEnd(), name).toBe(normalizeModelText(text).trimEnd());
    }
  });

  test.skipIf(missingLibrary !== null).each(Object.keys(ways))(
    `gives the library and the scoring the same model through %s${note}`,
    async (way) => {
      for (const [name, text] of Object.entries(texts)) {
        const table = name === 'linear' ? matrix(golden.xv.subarray(0, 50), 5) : validation;
        using plain = await Booster.fromText(text);
        using changed = await Booster.fromText(ways[way]!(text));
        expect(await changed.toText()).toBe(await plain.toText());
        expect(await changed.predict(table)).toEqual(await plain.predict(table));
        if (name !== 'linear')
          expect(TreeModel.parse(ways[way]!(text)).predict(table, { kind: 'raw' })).toEqual(
            await plain.predict(table, { kind: 'raw' }),
          );
      }
    },
  );

  test.each([
    ['num_leaves=8', 'num_leaves=0', /tree 0 .* damaged: num_leaves; expected at least 1/],
    ['left_child=1', 'left_child=2', /damaged: (left|right)_child; .*each of them once/],
    ['decision_type=', 'decision_type=64 ', /damaged: decision_type/],
    ['shrinkage=1', 'shrinkage=one', /damaged: shrinkage; expected 1 numbers, found one/],
    ['internal_count=', 'internal_count=7 ', /damaged: internal_count; expected 7 whole numbers, found 8/],
    ['leaf_weight=', 'leaf_weight', /expected a name and a value/],
    ['num_class=1', 'num_class=2', /num_tree_per_iteration; expected that of num_class/],
    ['sigmoid:1.5', 'num_class:2', /objective; expected num_class:1/],
    ['label_index=0', 'label=0', /the head .* label_index; expected a whole number, found none/],
    ['feature_infos=', 'feature_infos=none ', /feature_infos; expected 6 of them, found 7/],
    ['max_feature_idx=5', 'max_feature_idx=4', /feature_names; expected 5 of them/],
    ['end of trees', 'end of tree', /no end: it was cut off/],
    ['Tree=3', 'Tree 3', /expected a name and a value|12 trees/],
    ['num_cat=0', 'num_cat=0\0', /characters of no text/],
  ])('is refused where it is damaged: %s', async (right, wrong, told) => {
    const text = golden.cases['binary']!.text.replace(right, wrong);
    expect(() => TreeModel.parse(text)).toThrow(told);
    if (missingLibrary === null) await expect(Booster.fromText(text)).rejects.toThrow(told);
  });

  test.skipIf(missingLibrary !== null)(
    `that is damaged anywhere is told: it is an error or a model, the same for the library and the scoring${note}`,
    async () => {
      const names = ['binary', 'multiclass', 'forest', 'linear'];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...names),
          fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          fc.nat(40),
          fc.constantFrom('', ' ', '\n', '-', '9', 'x', '=', '99999999', '\r\n\r\n', 'Tree=1\n'),
          async (name, share, cut, by) => {
            const text = texts[name]!;
            const at = Math.floor(share * text.indexOf('end of trees'));
            const damaged = text.slice(0, at) + by + text.slice(at + cut);
            const table = name === 'linear' ? matrix(golden.xv.subarray(0, 50), 5) : validation;
            try {
              using booster = await Booster.fromText(damaged);
              const raw = await booster.predict(table, { kind: 'raw', parameters: { num_threads: 1 } });
              await booster.predict(table, { kind: 'contribution', parameters: { num_threads: 1 } });
              await booster.toText();
              if (name !== 'linear')
                expect(TreeModel.parse(damaged).predict(table, { kind: 'raw' })).toEqual(raw);
            } catch (error) {
              expect(error).toBeInstanceOf(LightgbmError);
            }
          },
        ),
        { numRuns: 250 },
      );
    },
  );
});
