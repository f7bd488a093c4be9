import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { withOptionsTable } from './options-table.ts';

const README = fileURLToPath(new URL('../../../../packages/features/README.md', import.meta.url));
const text = withOptionsTable(readFileSync(README, 'utf8'));
writeFileSync(README, await format(text, { ...(await resolveConfig(README)), filepath: README }));
