import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { peakMemoryBytes } from '../../src/telemetry/peak-memory.ts';

const MODULE = join(import.meta.dirname, '../../src/telemetry/peak-memory.ts');
const PRINT = `import(${JSON.stringify(MODULE)}).then(({ peakMemoryBytes }) => console.log(peakMemoryBytes()))`;

it.runIf(existsSync('/proc/self/status'))("is a process' own, and not what its parent had", async () => {
  const ballast = new Uint8Array(400e6).fill(1);
  expect(peakMemoryBytes()).toBeGreaterThan(ballast.length);
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PRINT]);
  expect(Number(stdout)).toBeGreaterThan(20e6);
  expect(Number(stdout)).toBeLessThan(200e6);
});
