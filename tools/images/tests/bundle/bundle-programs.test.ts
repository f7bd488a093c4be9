import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundlePrograms } from '../../src/bundle/bundle-programs.ts';
import { WORKSPACE } from '../../src/spec/workspace.ts';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'hemline-bundle-'))));
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const START = `import { Worker } from 'node:worker_threads';
const ask = (url: URL): Promise<string> =>
  new Promise((resolve, reject) => new Worker(url).on('message', resolve).on('error', reject));`;

it('takes modules of threads along, and those of threads of threads', async () => {
  await write({
    'packages/a/src/main.ts': `${START}
      import { text } from './deep/shared.ts';
      console.log(text, await ask(new URL('./threads/one.ts', import.meta.url)));`,
    'packages/a/src/deep/shared.ts': `export const text: string = 'main';`,
    'packages/a/src/threads/one.ts': `${START}
      import { parentPort } from 'node:worker_threads';
      import { text } from '../deep/shared.ts';
      parentPort!.postMessage(text + ' one ' + (await ask(new URL(
        '../two.ts',
        import.meta.url,
      ))));`,
    'packages/a/src/two.ts': `import { parentPort } from 'node:worker_threads';
      const { later } = await import('./later.ts');
      parentPort!.postMessage('two ' + later);`,
    'packages/a/src/later.ts': `export const later = 'later';`,
  });
  const folder = join(root, 'out');
  const bundle = await bundlePrograms(root, { start: join(root, 'packages/a/src/main.ts') }, folder);
  expect(bundle.entries).toEqual(['a-threads-one', 'a-two', 'start']);
  // The sources must not be needed any more.
  await rm(join(root, 'packages'), { recursive: true });
  expect(execFileSync(process.execPath, [join(folder, 'start.mjs')], { encoding: 'utf8' })).toBe(
    'main main one two later\n',
  );
});

it('takes the WebAssembly of a library along', async () => {
  // The smallest module that there is: its first eight bytes.
  const module = Buffer.from('0061736d01000000', 'hex');
  await write({
    'node_modules/solver/package.json': '{"name":"solver","module":"build/solver.mjs"}',
    'node_modules/solver/build/solver.mjs': `import { readFileSync } from 'node:fs';
      export const bytes = () => readFileSync(new URL("solver.wasm",import.meta.url)).toString('hex');`,
    'packages/a/src/main.ts': `import { bytes } from 'solver'; console.log(bytes());`,
  });
  await writeFile(join(root, 'node_modules/solver/build/solver.wasm'), module);
  const folder = join(root, 'out');
  const bundle = await bundlePrograms(root, { start: join(root, 'packages/a/src/main.ts') }, folder);
  await rm(join(root, 'node_modules'), { recursive: true });
  expect(execFileSync(process.execPath, [join(folder, 'start.mjs')], { encoding: 'utf8' })).toBe(
    `${module.toString('hex')}\n`,
  );
  expect(bundle.bytes).toBeGreaterThan(module.length);
});

it('refuses an address that would lead nowhere, and says where it is', async () => {
  await write({ 'packages/a/src/self.ts': 'export const self = new URL(import.meta.url);' });
  await expect(
    bundlePrograms(root, { self: join(root, 'packages/a/src/self.ts') }, join(root, 'out')),
  ).rejects.toThrow(/address that a bundle does not know.*packages\/a\/src\/self\.ts/s);
});

it('leaves the former bundle where the new one fails', async () => {
  await write({ 'packages/a/src/main.ts': 'console.log(1);' });
  const programs = { main: join(root, 'packages/a/src/main.ts') };
  await bundlePrograms(root, programs, join(root, 'out'));
  await write({ 'packages/a/src/main.ts': `import { gone } from './gone.ts'; console.log(gone);` });
  await expect(bundlePrograms(root, programs, join(root, 'out'))).rejects.toThrow(
    /cannot be bundled \(file packages\/a\/src\/main\.ts:1\); found Could not resolve "\.\/gone\.ts"/,
  );
  expect(await readdir(join(root, 'out'))).toEqual(['main.mjs']);
  expect(await readdir(root)).toEqual(['out', 'packages']);
});

it('takes the members of a model along: in an image they are found by name, and no others', async () => {
  const member = join(root, 'models/member/src/model.ts');
  const program = join(WORKSPACE, 'packages/runtime/tests/fixtures/tell-members.ts');
  await write({
    'models/member/src/model.ts': `export default {
      name: 'member', quantity: 'demand', engines: [], inputs: { fit: {}, predict: {} },
      capabilities: { trains: false, monotoneIn: [], maximumHorizon: null },
    };`,
  });
  const folder = join(root, 'out');
  await bundlePrograms(WORKSPACE, { start: program }, folder, { member });
  await rm(join(root, 'models'), { recursive: true });
  const tell = (...names: readonly string[]): string =>
    execFileSync(process.execPath, [join(folder, 'start.mjs'), ...names], { encoding: 'utf8' });
  expect(tell('member')).toBe('member\n');
  expect(tell('demand-naive')).toMatch(
    /the member demand-naive is not in this image; expected one of member/,
  );
}, 60_000);
