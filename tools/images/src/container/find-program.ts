import { spawnSync } from 'node:child_process';
import { Buildah } from './buildah.ts';
import { PROGRAM_NAMES, type ContainerProgram, type ProgramName } from './container-program.ts';
import { Docker } from './docker.ts';
import { PlatformError } from './platform-error.ts';

/**
 * The program to use: the one that is named, else docker where its engine answers, else buildah.
 * @param name of the program
 * @returns the program
 * @throws PlatformError where there is none
 */
export function findProgram(name?: ProgramName): ContainerProgram {
  const found = PROGRAM_NAMES.find((each) => (name === undefined || name === each) && answers(each));
  if (found === 'docker') return new Docker();
  if (found === 'buildah') return new Buildah();
  throw new PlatformError(name === undefined ? 'nothing here can build images' : `${name} cannot be used`, {
    expected: name ?? 'docker with an engine that answers, or buildah',
    remedy: 'Install one; on Debian without an engine: apt-get install buildah.',
  });
}

/** @returns whether images can be built on this machine */
export function canBuildImages(): boolean {
  return PROGRAM_NAMES.some(answers);
}

/** The command is often there where no engine is. */
function answers(name: ProgramName): boolean {
  const args = name === 'docker' ? ['version', '--format', '{{.Server.Version}}'] : ['--version'];
  return spawnSync(name, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
