import { runCommand } from '../container/run-command.ts';

/** Where an image's code comes from. */
export interface SourceFacts {
  /** Commit, with `-dirty` behind it where files differ from it. */
  readonly revision: string;
  /** Address of the repository, without credentials. */
  readonly source: string;
  /** Time of the commit, so that building again gives the same label. */
  readonly created: string;
}

/**
 * Asks git where the code comes from.
 * @param root of the workspace
 * @param environment `HEMLINE_SOURCE` names the repository; else it is that of GitHub's workflow, else git's `origin`
 * @returns the facts; `unknown` where the workspace is no repository
 */
export async function sourceFacts(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SourceFacts> {
  const commit = await git(root, 'rev-parse', 'HEAD');
  const changes = await git(root, 'status', '--porcelain', '--untracked-files=no');
  const { HEMLINE_SOURCE: given, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = environment;
  const ofGithub = server === undefined || repository === undefined ? undefined : `${server}/${repository}`;
  return {
    revision: commit === null ? 'unknown' : `${commit}${changes === '' ? '' : '-dirty'}`,
    source: withoutCredentials(
      given ?? ofGithub ?? (await git(root, 'remote', 'get-url', 'origin')) ?? 'unknown',
    ),
    created: (await git(root, 'log', '-1', '--format=%cI')) ?? 'unknown',
  };
}

/**
 * @param address of a repository
 * @returns the address without user and password
 */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

async function git(root: string, ...args: string[]): Promise<string | null> {
  const { code, output } = await runCommand(['git', '-C', root, ...args]).catch(() => ({
    code: 1,
    output: '',
  }));
  return code === 0 ? output.trim() : null;
}
