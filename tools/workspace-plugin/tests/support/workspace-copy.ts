import { execFile } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FsTree, flushChanges } from 'nx/src/generators/tree';
import type { GeneratorCallback, Tree } from '@nx/devkit';

const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));

/** What belongs to a checkout and what lies about in it. */
const LEFT_OUT = ['node_modules', '.git', '.nx', '.hemline', 'dist', 'coverage', 'golden'];

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A copy of the workspace as a clone would be after `npm ci`: packages are its own, what comes from the registry is shared. */
export class WorkspaceCopy {
  readonly root: string;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'hemline-workspace-')));
    cpSync(WORKSPACE, this.root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.includes(basename(path)),
    });
    this.#link('node_modules');
  }

  /**
   * Runs a generator, and writes what it made.
   * @param generator to run
   * @param options it is asked for
   * @returns paths of what was written
   */
  async generate<O>(
    generator: (tree: Tree, options: O) => Promise<GeneratorCallback | void>,
    options: O,
  ): Promise<string[]> {
    const tree = new FsTree(this.root, false);
    const callback = await generator(tree, options);
    const changes = tree.listChanges();
    flushChanges(this.root, changes);
    await callback?.();
    return changes.map(({ path }) => path).sort();
  }

  /**
   * Runs a program with the Node of the tests.
   * @param module of the program, below the root
   * @param args of the command line
   */
  run(module: string, args: readonly string[]): Promise<Ended> {
    const env = { ...process.env, NX_DAEMON: 'false', HEMLINE_HOME: join(this.root, '.hemline') };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(this.root, module), ...args],
        { cwd: this.root, env, maxBuffer: 1 << 26 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      );
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Links what a folder of modules holds; links among packages stay what they are, relative. */
  #link(folder: string): void {
    mkdirSync(join(this.root, folder), { recursive: true });
    for (const name of readdirSync(join(WORKSPACE, folder))) {
      const from = join(WORKSPACE, folder, name);
      const to = join(this.root, folder, name);
      // Commands of the workspace, too, have to be those of the copy.
      if (name === '@hemline' || name === '.bin') this.#link(join(folder, name));
      else if (folder !== 'node_modules' && lstatSync(from).isSymbolicLink())
        symlinkSync(readlinkSync(from), to);
      else symlinkSync(from, to);
    }
  }
}
