import { spawnSync } from 'node:child_process';
import { Buildah } from './buildah.ts';
import { Docker } from './docker.ts';
import { PlatformError } from './platform-error.ts';
import type { CommandResult } from './run-command.ts';

/** Names of the programs that build and run images. */
export const PROGRAM_NAMES = ['docker', 'buildah'] as const;
/** One of them. */
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** An image to build. */
export interface BuildRequest {
  readonly file: string;
  readonly context: string;
  readonly reference: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** A container to run: read-only but for `/opt/ml` and the temporary folder, without a network. */
export interface RunRequest {
  readonly reference: string;
  readonly command: readonly string[];
  /** Folder that is mounted at `/opt/ml`. */
  readonly root: string;
  /** User and group, as numbers. */
  readonly user: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that builds and runs images. */
export interface ContainerProgram {
  readonly name: ProgramName;
  /** @param request image to build */
  build(request: BuildRequest): Promise<void>;
  /** @param request container to run to its end @returns how it ended */
  run(request: RunRequest): Promise<CommandResult>;
  /** @param reference of an image @returns whether it is on this machine */
  has(reference: string): Promise<boolean>;
  /** @param reference of an image on this machine @returns the labels */
  labels(reference: string): Promise<Readonly<Record<string, string>>>;
  /** @param reference of an image on this machine @returns bytes of its files */
  bytes(reference: string): Promise<number>;
}

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
