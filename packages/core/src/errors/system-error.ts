import { ConfigurationError, StoreError } from './causes.ts';
import type { HemlineError } from './hemline-error.ts';

/** What was to be done with a path. */
export type PathUse = 'read' | 'written' | 'started' | 'used';

/** What each code of the operating system means to a person, and what to do about it. */
const MEANINGS: Readonly<Record<string, { readonly why: string; readonly remedy: string }>> = {
  EACCES: {
    why: 'no permission',
    remedy: 'Ask its owner for access, or name a place that is yours; folders above it count as well.',
  },
  EPERM: {
    why: 'an operation that is not permitted',
    remedy: 'Ask its owner for access, or name a place that is yours.',
  },
  EROFS: { why: 'a read-only file system', remedy: 'Name a place that can be written.' },
  ENOENT: { why: 'nothing there', remedy: 'Check the path.' },
  ENOTDIR: {
    why: 'a file where a folder was expected, at it or above it',
    remedy: 'Name a folder, or move the file out of the way.',
  },
  EISDIR: { why: 'a folder where a file was expected', remedy: 'Name a file.' },
  EEXIST: {
    why: 'something of another kind in its place',
    remedy: 'Name another place, or move it out of the way.',
  },
  ENOTEMPTY: { why: 'a folder that is not empty', remedy: 'Name another place, or empty it.' },
  ELOOP: { why: 'links that lead back to themselves', remedy: 'Mend the symbolic links on the way to it.' },
  ENAMETOOLONG: { why: 'a name that is too long for the file system', remedy: 'Name a shorter one.' },
  EINVAL: { why: 'a name or an operation that the file system refuses', remedy: 'Name another place.' },
  EXDEV: { why: 'another file system', remedy: 'Name a place on the same file system.' },
  ENOSPC: { why: 'no space left on device', remedy: 'Check the free space, then start it again.' },
  EDQUOT: { why: 'a used-up quota of disk space', remedy: 'Free some of it, then start it again.' },
  EFBIG: {
    why: 'a file too large for the file system or a limit',
    remedy: 'Check the free space and the limits (ulimit -f).',
  },
  EMFILE: {
    why: 'too many open files in this process',
    remedy: 'Raise the limit (ulimit -n), or use fewer threads.',
  },
  ENFILE: { why: 'too many open files on this machine', remedy: 'Wait, or close other programs.' },
  EBUSY: { why: 'something that is in use', remedy: 'Wait until it is free, then start it again.' },
  EIO: { why: 'a failure of the device', remedy: 'Check the disk, then start it again.' },
};

/** These fail again until somebody mends the path; whatever else there is may pass, as a full disk does. */
const LASTING = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP'],
  ...['ENAMETOOLONG', 'EINVAL', 'EXDEV'],
]);

const WRITING = new Set([
  ...['mkdir', 'mkdtemp', 'write', 'rename', 'link', 'symlink', 'unlink', 'rmdir', 'rm', 'copyfile', 'fsync'],
  ...['ftruncate', 'truncate', 'utime', 'chmod'],
]);

/**
 * Tells a refusal of the operating system about a path from a defect.
 * @param error anything thrown
 * @returns whether it is one, such as EACCES of a folder
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' && code in MEANINGS;
}

/**
 * Says what the operating system refused: one error about the path that a person named, whatever asked for it.
 * @param cause as Node throws it
 * @param path that a person knows; by default that of the cause
 * @param use what was to be done with it; by default as the system's call tells
 * @returns StoreError where it may pass (a full disk), else ConfigurationError
 */
export function systemError(
  cause: NodeJS.ErrnoException,
  path: string | undefined = cause.path,
  use: PathUse = useOf(cause),
): HemlineError {
  const code = cause.code ?? '';
  const { why, remedy } = MEANINGS[code] ?? { why: cause.message, remedy: 'Check the path.' };
  const Class = LASTING.has(code) ? ConfigurationError : StoreError;
  // The system may have stumbled over a folder above the path, or a file below it.
  const at = cause.path === undefined || cause.path === path ? '' : ` at ${cause.path}`;
  return new Class(use === 'started' ? 'a program cannot be started' : `the path cannot be ${use}`, {
    found: code in MEANINGS ? `${why} (${code})${at}` : why,
    ...(path === undefined ? {} : { where: { file: path } }),
    remedy,
    cause,
  });
}

/**
 * @param error anything thrown
 * @returns the error about the path, where the operating system refused one; else what was given
 */
export function explained(error: unknown): unknown {
  return isSystemError(error) && (error.path !== undefined || !LASTING.has(error.code))
    ? systemError(error)
    : error;
}

function useOf({ syscall = '' }: NodeJS.ErrnoException): PathUse {
  if (syscall.startsWith('spawn')) return 'started';
  if (WRITING.has(syscall)) return 'written';
  return syscall === 'open' || syscall === 'access' ? 'used' : 'read';
}
