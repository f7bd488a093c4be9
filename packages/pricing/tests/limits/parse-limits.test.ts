import { describe, expect, it } from 'vitest';
import { parseLimits } from '../../src/limits/parse-limits.ts';

const parse = (text: string) => parseLimits(text, 'limits.yaml');
/** What the error says was found, line by line. */
function problems(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    return (error as { found: string }).found.split('; ');
  }
  return [];
}

describe('parseLimits', () => {
  it('reads articles and business limits with their lines and names', () => {
    const { articles, business } = parse(`
articles:
  - where: { market: DE, group: [shoes, boots] }
    maximum: 0.5
    changes: 3
  - name: sandals stay
    where:
      article: 007
    weeks: { from: 2026-01-05 }
    discount: 0.2
business:
  - limit: discount-rate
    where: { market: NO }
    lower: 0.1
    upper: 0.2
    price: 1000
`);
    expect(articles).toEqual([
      {
        ...{ line: 3, name: 'maximum, changes for market DE and group shoes or boots' },
        ...{ where: { market: 'DE', group: ['shoes', 'boots'] }, maximum: 0.5, changes: 3 },
      },
      {
        ...{ line: 6, name: 'sandals stay', where: { article: '007' } },
        ...{ weeks: { from: '2026-01-05' }, discount: 0.2 },
      },
    ]);
    expect(business).toEqual([
      {
        ...{ line: 12, name: 'discount rate for market NO', limit: 'discount-rate' },
        ...{ where: { market: 'NO' }, lower: 0.1, upper: 0.2, price: 1000 },
      },
    ]);
  });

  it('reads JSON, and a file without limits', () => {
    const text = '{"business": [{"limit": "units",\n "lower": 100}]}';
    expect(parse(text).business).toEqual([{ line: 1, name: 'units', limit: 'units', lower: 100 }]);
    expect(parse('')).toEqual({ file: 'limits.yaml', articles: [], business: [] });
  });

  it('names every wrong line once', () => {
    expect(
      problems(`articles:
  - maximum: 30
  - where: { market: DE }
    minimun: 0.1
    levels: [0.1, 1]
    floor: { price: 3, column: cost }
business:
  - limit: discountrate
    upper: 0.2
  - limit: units
    at: 2026-02-30
`),
    ).toEqual([
      'line 2: maximum: expected a fraction below 1, such as 0.2 for 20 %',
      'line 4: unknown key minimun, did you mean minimum?',
      'line 5: levels.1: expected a fraction below 1, such as 0.2 for 20 %',
      'line 6: floor: expected either price, or column (of the table articles, such as a purchase price)',
      'line 8: limit: expected one of "discount-rate"|"stock-left"|"revenue"|"units"|"discount-budget"',
      'line 10: says nothing: expected lower, upper, or both',
      "line 11: at: expected a week's first day, such as 2026-01-05",
    ]);
  });

  it('names what contradicts itself beside what is wrong', () => {
    expect(
      problems('articles:\n  - maximum: 50\nbusiness:\n  - limit: discount-rate\n    upper: 25\n'),
    ).toEqual([
      'line 2: maximum: expected a fraction below 1, such as 0.2 for 20 %',
      'line 4: upper: expected a fraction in [0, 1), such as 0.2 for 20 %, found 25',
    ]);
    for (const text of ['7\n', '- maximum: 0.2\n'])
      expect(problems(text)).toEqual([
        'line 1: expected articles: or business:, and below it a list of limits',
      ]);
  });

  it('says what to write where a number is text', () => {
    const upper = (text: string): string[] => problems(`business:\n  - limit: units\n    upper: ${text}\n`);
    expect(upper('1,000')).toEqual([
      'line 3: upper: expected a number, found the text 1,000: write it without commas between thousands',
    ]);
    expect(upper('20 %')).toEqual([
      'line 3: upper: expected a number, found the text 20 %: write a fraction, such as 0.2 for 20 %',
    ]);
    expect(upper('"many"')).toEqual(['line 3: upper: expected a number, found the text many']);
  });

  it('takes a name for one limit alone', () => {
    expect(
      problems(`articles:
  - { name: mine, maximum: 0.2 }
business:
  - { name: yours, limit: units, upper: 5 }
  - limit: units
    name: mine
    lower: 2
`),
    ).toEqual(['line 6: name: line 2 has the name mine already: give each limit its own']);
  });

  it('tells what is no YAML, and keys that stand twice', () => {
    expect(problems('articles: [\n  {maximum: 0.2\n')[0]).toMatch(/^line \d: /);
    expect(problems('articles:\n  - maximum: 0.2\n    maximum: 0.3\n')).toEqual([
      'line 3: Map keys must be unique',
    ]);
  });

  it.each([
    ['minimum: 0.4\n    maximum: 0.2', 'contradiction: minimum 0.4 is above maximum 0.2'],
    ['levels: [0.1, 0.2]\n    minimum: 0.3', 'contradiction: none of the levels 0.1, 0.2 is from 0.3 to 1'],
    ['discount: 0.5\n    maximum: 0.2', 'contradiction: the fixed discount 0.5 is not from 0 to 0.2'],
    ['price: 5\n    discount: 0.2', 'a fixed price and a fixed discount: expected one of them'],
    ['changes: 2\n    weeks: { from: 2026-01-05 }', 'weeks: changes holds over all weeks: leave weeks out'],
    [
      'priceOrder: [PL, DE]\n    where: { market: DE }',
      'priceOrder names its markets itself: leave market out of where',
    ],
  ])('finds that %j contradicts itself', (limit, text) => {
    expect(problems(`articles:\n  - ${limit}\n`)).toEqual([`line 2: ${text}`]);
  });

  it.each([
    ['units\n    lower: 5\n    upper: 4', 'contradiction: lower 5 is above upper 4'],
    ['stock-left\n    upper: 4', 'stock-left is of one date: expected at, and no weeks'],
    ['units\n    lower: 4\n    at: 2026-01-05', 'at: of stock-left alone, units takes weeks'],
    ['discount-rate\n    upper: 20', 'upper: expected a fraction in [0, 1), such as 0.2 for 20 %, found 20'],
    ['revenue\n    upper: -1', 'contradiction: revenue is never below 0, upper is -1'],
  ])('finds that a limit of %j cannot be', (limit, text) => {
    expect(problems(`business:\n  - limit: ${limit}\n`)).toEqual([`line 2: ${text}`]);
  });

  it('finds limits that contradict each other, where they select the same', () => {
    const two = (a: string, b: string): string[] => problems(`articles:\n  - ${a}\n  - ${b}\n`);
    expect(two('{where: {market: [A, B]}, minimum: 0.3}', '{where: {market: [B, A]}, maximum: 0.2}')).toEqual(
      [
        'line 3: contradiction with line 2: the highest minimum is 0.3, the lowest maximum 0.2, for the same articles',
      ],
    );
    expect(two('{where: {market: A}, minimum: 0.3}', '{where: {market: B}, maximum: 0.2}')).toEqual([]);
    const weeks = (range: string): string => `{weeks: ${range}, discount: 0.${range.length}}`;
    expect(two(weeks('{from: 2026-01-05}'), '{weeks: {until: 2026-01-05}, discount: 0.5}')).toHaveLength(1);
    expect(two(weeks('{from: 2026-01-12}'), '{weeks: {until: 2026-01-05}, discount: 0.5}')).toEqual([]);
    expect(problems('business:\n  - {limit: units, lower: 9}\n  - {limit: units, upper: 8}\n')).toEqual([
      'line 3: contradiction with line 2: at least 9 and at most 8 of the same',
    ]);
    expect(
      problems('business:\n  - {limit: units, lower: 9, price: 2}\n  - {limit: units, upper: 8}\n'),
    ).toEqual([]);
  });
});
