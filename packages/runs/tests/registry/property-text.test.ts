import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText, propertyValue } from '../../src/registry/sagemaker/property-text.ts';

/** What SageMaker takes, as its API reference has it. */
const TAKEN = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

describe('text of model package metadata', () => {
  it('is any text, written with the characters that SageMaker takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeText(text);
        expect(encoded).toMatch(TAKEN);
        expect(decodeText(encoded)).toBe(text);
      }),
    );
  });

  it('stays readable', () => {
    expect(encodeText('s3://models/größe-1/model.tar.gz')).toBe('s3://models/größe-1/model.tar.gz');
    expect(encodeText('a=b, "c"')).toBe('a=3Db=2C =22c=22');
  });

  it('is cut between two characters, with an ellipsis', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 9, max: 60 }),
        (text, longest) => {
          const encoded = encodeText(text, longest);
          expect(encoded.length).toBeLessThanOrEqual(Math.max(longest, 0));
          const decoded = decodeText(encoded);
          if (decoded !== text)
            expect(text.startsWith(decoded.slice(0, -1)) && decoded.endsWith('…')).toBe(true);
        },
      ),
    );
  });

  it('of a value must be there, and not too long', () => {
    expect(propertyValue('lineage.code', '0.1.0')).toBe('0.1.0');
    expect(() => propertyValue('lineage.code', '')).toThrow(/found lineage\.code = ""/);
    expect(() => propertyValue('lineage.code', '='.repeat(86))).toThrow(/1 to 256/);
    expect(() => propertyValue('x'.repeat(129), 'y')).toThrow(/at most 128/);
  });
});
