import { expect, it } from 'vitest';
import { Access } from '../src/server/access.ts';

const TOKEN = 'ann-0123456789-0123456789';
const desk = (secret: number): Access =>
  new Access(Buffer.alloc(32, secret), {
    people: [{ person: 'ann', role: 'decide', token: TOKEN }],
    origins: [],
  });

it('gives each desk of a machine a cookie of its own, which outlives a start', () => {
  expect(desk(1).cookie).not.toBe(desk(2).cookie);
  expect(desk(1).cookie).toBe(desk(1).cookie);
  const session = desk(1).begin(TOKEN)!;
  expect(desk(1).visitorOf(session)).toMatchObject({ person: 'ann', role: 'decide' });
  expect(desk(2).visitorOf(session)).toBeNull();
});
