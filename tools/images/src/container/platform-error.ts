import { HemlineError, type Blame } from '@hemline/core';

/** A program of the machine (docker, buildah, git, …) is missing or failed. */
export class PlatformError extends HemlineError {
  override readonly code: string = 'PLATFORM';
  override readonly blame: Blame = 'platform';
}
