#!/usr/bin/env node
// `npm run setup`, `npm start`, `npm test`, `npm run bench`. Plain JavaScript on purpose: it must start on any Node from 20.19 on with
// nothing installed. It installs the dependencies, finds the Node that they pin, and goes on under that one.
import { spawn, spawnSync } from 'node:child_process';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
// eslint-disable-next-line @nx/enforce-module-boundaries -- no package can be found by its name before anything is installed
import { pinnedNode, runsTypeScript } from '../../packages/cli/bin/pinned-node.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';
const [command = 'setup', ...rest] = process.argv.slice(2);

if (!atLeast(20, 19)) stop(`hemline needs Node 20.19 or newer, this is ${process.versions.node}.`, 78);
if (!['setup', 'start', 'test', 'bench'].includes(command))
  stop(`unknown command ${command}; expected setup, start, test or bench.`, 64);

// Ctrl-C reaches the children as well: let them end in order, and this process after them.
process.on('SIGINT', () => {});

install();
const node = nodeToUse();
const environment = { ...process.env };
const pathName = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
environment[pathName] = [dirname(node), join(modules, '.bin'), process.env[pathName] ?? ''].join(delimiter);

const setup = join(root, 'tools/setup/src/main.ts');
if (command === 'setup') exit(run(node, [setup, ...rest]));
const staged = run(node, [setup, '--if-needed']);
if (staged !== 0) exit(staged);

if (command === 'bench') exit(run(node, [join(root, 'tools/benchmarks/src/main.ts'), ...rest]));
if (command === 'start') exit(run(node, [join(root, 'packages/cli/bin/hemline.mjs'), 'start', ...rest]));

// What reads the sources takes one core, and so does what checks their types: they go side by side.
const sideBySide = [
  [
    ['format', script('prettier', 'bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']],
    ['circles', script('oxlint', 'bin/oxlint'), []],
    ['lint', script('eslint', 'bin/eslint.js'), ['.']],
  ],
  [
    ['types', script('typescript', 'bin/tsc'), ['--noEmit', '-p', 'tsconfig.json']],
    ['types of the page', script('typescript', 'bin/tsc'), ['--noEmit', '-p', 'packages/desk/src/page']],
  ],
];
const begin = Date.now();
const codes = await Promise.all(sideBySide.map(stagesInTurn));
const failed = codes.find((code) => code !== 0);
if (failed !== undefined) exit(failed);
console.error('\n[tests]');
const start = Date.now();
const code = run(node, [script('vitest', 'vitest.mjs'), 'run', ...rest]);
console.error(`[tests] ${code === 0 ? 'passed' : 'FAILED'} in ${seconds(start)}`);
if (code !== 0) exit(code);
console.error(`\nall stages passed in ${seconds(begin)}`);

/** Runs stages one after the other, up to the first that fails; what one says comes in one piece, at its end. */
async function stagesInTurn(stages) {
  for (const [name, program, args] of stages) {
    const start = Date.now();
    const { code, output } = await collect(node, [program, ...args]);
    process.stderr.write(`${output}[${name}] ${code === 0 ? 'passed' : 'FAILED'} in ${seconds(start)}\n`);
    if (code !== 0) return code;
  }
  return 0;
}

/** Installs the dependencies unless the lockfile is the one that they were installed from. */
function install() {
  const lockfile = join(root, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  const stamp = join(modules, '.hemline', 'installed-lockfile.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) return;
  // npm leaves a lockfile of its own inside node_modules: newer than ours means somebody ran npm by hand.
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
    console.error('installing dependencies (npm ci)');
    const env = { ...process.env };
    // npm replaces node_modules, and with it the Node that may be running this: npm runs under the system's own.
    for (const name of Object.keys(env))
      if (name.toUpperCase() === 'PATH')
        env[name] = env[name]
          .split(delimiter)
          .filter((folder) => !folder.includes('node_modules'))
          .join(delimiter);
    const result = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel', 'error'], {
      cwd: root,
      stdio: 'inherit',
      env,
      shell: windows,
    });
    if (result.error) stop(`npm could not be started: ${result.error.message}`, 69);
    if (result.status !== 0) exit(result.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  const partial = `${stamp}.${process.pid}`;
  writeFileSync(partial, `${hash}\n`);
  renameSync(partial, stamp);
}

/** The Node that the lockfile pins, else this one where it runs TypeScript. */
function nodeToUse() {
  return (
    pinnedNode() ??
    (runsTypeScript()
      ? process.execPath
      : stop(
          `no Node 22.18 or newer for ${process.platform}-${process.arch}, this is ${process.versions.node}; install Node 24.`,
          78,
        ))
  );
}

function script(name, path) {
  return join(modules, name, path);
}

function run(program, args) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: environment });
  if (result.error) stop(`${program} could not be started: ${result.error.message}`, 69);
  // A child that a signal ended counts as failed, also where the signal has no number we know.
  return result.status ?? (result.signal === 'SIGINT' ? 130 : 143);
}

/** As `run`, with what the program says as text. */
function collect(program, args) {
  const env = process.stderr.isTTY === true ? { FORCE_COLOR: '1', ...environment } : environment;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => stop(`${program} could not be started: ${error.message}`, 69));
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? (signal === 'SIGINT' ? 130 : 143),
        output: Buffer.concat(chunks).toString(),
      }),
    );
  });
}

function atLeast(major, minor) {
  const [a, b] = process.versions.node.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function stop(message, code) {
  console.error(message);
  process.exit(code);
}

function exit(code) {
  process.exit(code);
}
