// Plain JavaScript: it is read by any Node from 20.19 on, before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST = [22, 18];

/** @returns whether this Node runs TypeScript as it is written */
export function runsTypeScript() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * The Node that the lockfile pins.
 * @returns path of its program; null where npm has none for this platform
 */
export function pinnedNode() {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const program = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
    if (existsSync(program)) return program;
    if (folder === parse(folder).root) return null;
    folder = dirname(folder);
  }
}

/**
 * Runs a TypeScript file: in this process where its Node can, else under the pinned one.
 * @param main path of the file
 * @param args its arguments
 */
export async function launch(main, args) {
  if (runsTypeScript()) {
    process.argv = [process.argv[0], main, ...args];
    await import(pathToFileURL(main).href);
    return;
  }
  const pinned = pinnedNode();
  if (pinned === null) {
    console.error(
      `hemline needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. Run "npm run setup" in the workspace: where there is a Node 24 for this platform, it brings it along.`,
    );
    process.exit(78);
  }
  const child = spawn(pinned, [main, ...args], { stdio: 'inherit' });
  // The program ends in order when it is told to stop: this process only passes the word on, and waits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => (process.exitCode = code ?? 143));
}
