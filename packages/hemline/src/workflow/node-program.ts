import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../workspace.ts';

/**
 * The Node that jobs run under: that of this process; where another runtime runs this, as in a notebook, that of the workspace, else
 * the one of the PATH.
 */
export const NODE: string = process.versions['deno'] === undefined ? process.execPath : nodeOfWorkspace();

function nodeOfWorkspace(): string {
  const pinned = join(WORKSPACE, 'node_modules', '.bin', 'node');
  return existsSync(pinned) ? pinned : 'node';
}
