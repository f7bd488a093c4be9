import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './vitest.sequencer.ts';

export default defineConfig({
  test: {
    include: ['{packages,models,tools}/*/tests/**/*.test.ts', 'notebooks/tests/**/*.test.ts'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 60_000,
    // Hooks simulate markets, start servers and synthesize stacks as tests do, and take as long on a busy machine.
    hookTimeout: 120_000,
    // Two workers fit the smallest machine we care for; child processes in the tests need room too.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Results must not depend on where the machine stands; west of Greenwich shows date mistakes best.
    env: {
      TZ: 'America/Los_Angeles',
      // Jobs that tests start strip and compile each file once, not at every start, as those of the command do.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache'),
    },
  },
});
