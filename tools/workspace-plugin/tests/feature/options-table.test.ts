import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { optionsTable, withOptionsTable } from '../../src/feature/options-table.ts';
import { FEATURE_KINDS } from '@hemline/features';

const README = fileURLToPath(new URL('../../../../packages/features/README.md', import.meta.url));

it('the README tells the options as the schemas say; else: npm run options-table -w tools/workspace-plugin', async () => {
  const text = readFileSync(README, 'utf8');
  const current = await format(withOptionsTable(text), {
    ...(await resolveConfig(README)),
    filepath: README,
  });
  expect(text).toBe(current);
});

it('all kinds are in the table', () => {
  for (const kind of FEATURE_KINDS) expect(optionsTable()).toContain(`| \`${kind}\` |`);
});
