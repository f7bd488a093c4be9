import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../src/hosts/packed-arrays.ts';

describe('packed arrays', () => {
  it('come back bit by bit, and are the same bytes each time', () => {
    fc.assert(
      fc.property(
        fc.float64Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.int32Array({ maxLength: 40 }),
        fc.string(),
        (doubles, bytes, whole, text) => {
          const packed = { told: { text, list: [1, 0.1] }, arrays: [bytes, doubles, whole] };
          const found = unpack(pack(packed));
          expect(found).toEqual(packed);
          expect(Buffer.compare(pack(found), pack(packed))).toBe(0);
        },
      ),
    );
  });
});
