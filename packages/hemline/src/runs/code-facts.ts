import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RunCode } from '@hemline/runs';
import { WORKSPACE } from '../workspace.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/**
 * Which code runs: `HEMLINE_CODE_VERSION`, else the version of the package; and the commit, where the workspace is a repository.
 * @param environment of the process
 * @returns for the record of a run
 */
export async function codeFacts(environment: NodeJS.ProcessEnv = process.env): Promise<RunCode> {
  const given = environment['HEMLINE_CODE_VERSION'] ?? '';
  const version = given === '' ? packageVersion() : given;
  const commit = await git('rev-parse', 'HEAD');
  const changes = commit === null ? null : await git('status', '--porcelain', '--untracked-files=no');
  return { version, commit, dirty: changes === null ? null : changes !== '' };
}

/** Null where git, or a repository, is missing: an image has neither. */
async function git(...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', WORKSPACE, ...args], { timeout: TIMEOUT_MS });
    return stdout.trim();
  } catch {
    return null;
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
