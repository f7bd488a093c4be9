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
