import { expect, it } from 'vitest';
import { z } from 'zod';
import { issueText } from '../src/index.ts';

const schema = z.strictObject({
  name: z.string(),
  weeks: z.int().min(1).max(104),
  kind: z.enum(['zero', 'error']),
});
const told = (value: unknown): string[] =>
  schema.safeParse(value).error!.issues.map(({ message }) => issueText(message));

it('says what was expected and found, without what every such message begins with', () => {
  expect(told({ weeks: '3', kind: 'nil', title: 'A' })).toEqual([
    'expected string, found nothing',
    'expected number, found string',
    'expected one of "zero"|"error"',
    'unknown key "title"',
  ]);
  expect(told({ name: 'A', weeks: 0, kind: 'zero' })).toEqual(['expected number to be >=1']);
  expect(told({ name: 'A', weeks: 200, kind: 'zero' })).toEqual(['expected number to be <=104']);
});

it('leaves the words of a schema of its own as they are', () => {
  expect(issueText('a range has no combinations: say how many to draw')).toBe(
    'a range has no combinations: say how many to draw',
  );
});
