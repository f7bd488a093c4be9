import { describe, expect, it } from 'vitest';
import { moneySection } from '../src/sections/money-section.ts';
import { MONEY } from './fabricated-money.ts';

describe('what decisions earned', () => {
  const { text } = moneySection(MONEY).content;

  it('is told by how they were decided, against plan and holding', () => {
    for (const piece of [
      ...['2026-01-05, 2026-01-12', '3 prices have not passed', '2 that have passed are in no sum'],
      ...['12,000', '12,200', '12,050', '8,000', '25.0\u00a0%', 'Something &amp; else.'],
      ...['4 of 5 overrides cost', '321', '−123', '1 earned more than the proposal'],
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(piece.replace(/\s+/g, ' '));
    // Where nothing could have been held there is nothing to compare with.
    expect(text).toMatch(/undecided<\/div>[^]*?–<\/div>[^]*?–<\/div>/);
  });

  it('says what the errors of forecasts cost by group and level, and limits', () => {
    for (const piece of ['group shoes &amp; &lt;socks&gt;', '1,500', '−900', 'discount 20 to 30 %'])
      expect(text).toContain(piece);
    for (const piece of ['rate in Germany', '55', 'one point more would earn 41', 'price-1'])
      expect(text).toContain(piece);
  });

  it('draws earned beside promised, and errors by group and level, largest first', () => {
    expect(text.match(/aria-label="(Earned and promised|What forecasts were off by[^"]*)\./g)).toHaveLength(
      6,
    );
    expect(text).toContain('earned: 12,000');
    expect(text).toContain('of the 8 that could have been held');
    expect(text.indexOf('socks&gt;: off by 1,500')).toBeLessThan(text.indexOf('hats: off by 400'));
  });

  it('says where there is nothing, and why', () => {
    expect(moneySection(null)).toMatchObject({ isEmpty: true });
    expect(moneySection(undefined)).toMatchObject({ isEmpty: true });
    const none = moneySection({ scores: null, limits: [], notes: ['none of these weeks has passed'] });
    expect(none.isEmpty).toBeUndefined();
    expect(none.content.text).toContain('none of these weeks has passed');
  });
});
