import { expect, it } from 'vitest';
import type { RunReport } from '@hemline/hemline';
import { deskText } from '../../src/terminal/desk-text.ts';

// All that the text asks of them is that they are there.
const recommendations = {} as NonNullable<RunReport['recommendations']>;

it('names the command that opens what the run recommends', () => {
  expect(deskText({ run: 'weekly-20261130', recommendations })).toMatch(
    /hemline desk weekly-20261130 --open$/,
  );
});

it('opens nothing where nothing is recommended', () => {
  expect(deskText({ run: 'weekly-20261130', recommendations: null })).toBeNull();
});
