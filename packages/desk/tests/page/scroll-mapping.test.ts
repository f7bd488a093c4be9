import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  positionOf,
  positionToShow,
  rowsInView,
  scrollMapping,
  scrolled,
  scrollTopOf,
  TALLEST,
} from '../../src/page/list/scroll-mapping.ts';

const ROW = 36;
const MILLION = scrollMapping(1_000_000, ROW, 700);

describe('the mapping of a list to its scroll bar', () => {
  it('is no taller than browsers allow, and one to one where the list fits', () => {
    expect([MILLION.listHeight, MILLION.barHeight]).toEqual([36_000_000, TALLEST]);
    const small = scrollMapping(1000, ROW, 700);
    for (const top of [0, 1, 777, 35_300]) expect(positionOf(small, top)).toBe(top);
  });

  it('reaches the first and the last row, and is exact beside them', () => {
    expect(positionOf(MILLION, 0)).toBe(0);
    expect(positionOf(MILLION, TALLEST - 700)).toBe(36_000_000 - 700);
    expect(positionOf(MILLION, 100)).toBe(100);
    expect(positionOf(MILLION, TALLEST - 700 - 36)).toBe(36_000_000 - 700 - 36);
    expect(rowsInView(MILLION, ROW, positionOf(MILLION, TALLEST), 10).end).toBe(1_000_000);
  });

  it('grows with the bar, and its inverse leads back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.integer({ min: 100, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, viewport, a, b) => {
          const mapping = scrollMapping(rows, ROW, viewport);
          const last = Math.max(0, mapping.barHeight - viewport);
          const [low, high] = [Math.min(a, b) * last, Math.max(a, b) * last];
          expect(positionOf(mapping, low)).toBeLessThanOrEqual(positionOf(mapping, high) + 1e-6);
          expect(scrollTopOf(mapping, positionOf(mapping, high))).toBeCloseTo(high, 3);
        },
      ),
    );
  });

  it('moves the list by the pixels of a wheel, and jumps with a dragged bar', () => {
    const middle = { position: 18_000_000, scrollTop: scrollTopOf(MILLION, 18_000_000) };
    const wheeled = scrolled(MILLION, middle, middle.scrollTop + 120);
    expect(wheeled.position).toBe(18_000_120);
    const dragged = scrolled(MILLION, middle, 2_000_000);
    expect(dragged.position).toBe(positionOf(MILLION, 2_000_000));
  });

  it('comes to the first row however the bar is moved up, step by step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_000 }), fc.integer({ min: 50, max: 700 }), (row, step) => {
        let place = { position: row * ROW, scrollTop: scrollTopOf(MILLION, row * ROW) };
        // A gesture of at most 200 steps, after which the bar goes to its right place.
        for (let gesture = 0; gesture < 1000 && place.position > 0; gesture++) {
          for (let i = 0; i < 200 && place.scrollTop > 0; i++)
            place = scrolled(MILLION, place, Math.max(0, place.scrollTop - step));
          place = { position: place.position, scrollTop: scrollTopOf(MILLION, place.position) };
        }
        // 36 million pixels are more than such gestures may take: what counts is that none gets stuck.
        if (row * ROW <= 200 * 1000 * step) expect(place.position).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('shows a row with the least move', () => {
    expect(positionToShow(MILLION, ROW, 0, 5)).toBe(0);
    expect(positionToShow(MILLION, ROW, 720, 3)).toBe(108);
    expect(positionToShow(MILLION, ROW, 0, 999_999)).toBe(36_000_000 - 700);
  });
});
