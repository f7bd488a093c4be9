import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const folders: string[] = [];

/** Lints files with the workspace's rule about circles; gives the files whose imports it refuses. */
async function circlesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'circles-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const program = join(workspace, 'node_modules/oxlint/bin/oxlint');
  const args = [program, '--config', join(workspace, '.oxlintrc.json'), '--format', 'json', '.'];
  const output = await new Promise<string>((resolve) => {
    // It exits non-zero where it finds something.
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const report = JSON.parse(output) as {
    number_of_files: number;
    diagnostics: { code: string; filename: string }[];
  };
  expect(report.number_of_files).toBe(Object.keys(files).length);
  for (const { code } of report.diagnostics) expect(code).toBe('import(no-cycle)');
  return [...new Set(report.diagnostics.map(({ filename }) => filename))].toSorted();
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('circles of imports', () => {
  it('refuses files that import each other', async () => {
    expect(
      await circlesOf({
        'hen.ts': `import { egg } from './egg.ts';\nexport const hen = () => egg;\n`,
        'egg.ts': `import { hen } from './hen.ts';\nexport const egg = () => hen;\n`,
      }),
    ).toEqual(['egg.ts', 'hen.ts']);
  });

  it('refuses a longer way round, across folders and through a door', async () => {
    expect(
      await circlesOf({
        'hen.ts': `import { chick } from './brood/index.ts';\nexport const hen = () => chick;\n`,
        'brood/index.ts': `export * from './chick.ts';\n`,
        'brood/chick.ts': `import { egg } from '../egg.ts';\nexport const chick = () => egg;\n`,
        'egg.ts': `import { hen } from './hen.ts';\nexport const egg = () => hen;\n`,
      }),
    ).toEqual(['brood/chick.ts', 'brood/index.ts', 'egg.ts', 'hen.ts']);
  });

  it('refuses circles of types too', async () => {
    expect(
      await circlesOf({
        'hen.ts': `import type { Egg } from './egg.ts';\nexport interface Hen {\n  lays: Egg;\n}\n`,
        'egg.ts': `import { type Hen } from './hen.ts';\nexport interface Egg {\n  laidBy: Hen;\n}\n`,
      }),
    ).toEqual(['egg.ts', 'hen.ts']);
  });

  it('lets two files import a third', async () => {
    expect(
      await circlesOf({
        'hen.ts': `import { egg } from './egg.ts';\nimport { grain } from './grain.ts';\nexport const hen = () => [egg, grain];\n`,
        'egg.ts': `import { grain } from './grain.ts';\nexport const egg = () => grain;\n`,
        'grain.ts': `export const grain = 1;\n`,
      }),
    ).toEqual([]);
  });
});
