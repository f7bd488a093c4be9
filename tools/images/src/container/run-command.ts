import { spawn } from 'node:child_process';
import { PlatformError } from './platform-error.ts';

/** How a command ended, and what it said. */
export interface CommandResult {
  /** Exit code; 128 and more where a signal ended it. */
  readonly code: number;
  readonly output: string;
  /** Standard error. */
  readonly complaint: string;
}

/** How to run a command. */
export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether what it says is shown as well, on standard error. */
  readonly show?: boolean;
  readonly cwd?: string;
}

/**
 * Runs a command to its end.
 * @param command program and arguments
 * @param options environment, and whether to show what it says
 * @returns how it ended
 * @throws PlatformError when it cannot be started
 */
export function runCommand(
  command: readonly string[],
  { environment, show = false, cwd }: CommandOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      cwd,
    });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (show) process.stderr.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
      if (show) process.stderr.write(text);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => reject(notStarted(program!, cause)));
    child.on('close', (code) => resolve({ code: code ?? 128, output, complaint }));
  });
}

/**
 * Runs a command that must succeed.
 * @param command program and arguments
 * @param options environment, and whether to show what it says
 * @returns what it printed, without space around it
 * @throws PlatformError with the end of its complaint when it fails
 */
export async function checkedCommand(
  command: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, output, complaint } = await runCommand(command, options);
  if (code === 0) return output.trim();
  const said = (complaint.trim() || output.trim()).split('\n').slice(-4).join(' | ');
  throw new PlatformError(`${command.slice(0, 2).join(' ')} failed with exit code ${code}`, { found: said });
}

/** A program that is missing is told by its name, and where to get it. */
function notStarted(program: string, cause: NodeJS.ErrnoException): PlatformError {
  if (cause.code !== 'ENOENT')
    return new PlatformError(`${program} cannot be started`, { found: cause.message, cause });
  return new PlatformError(`${program} is not installed`, {
    expected: `the program ${program} in the PATH`,
    remedy: `Install it; on Debian, where the package has the same name: apt-get install ${program}.`,
    cause,
  });
}
