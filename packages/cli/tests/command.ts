import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the command as a user would.
 * @param cwd folder it starts in
 * @param args of the command line
 * @param environment besides that of the tests
 * @param uid of the user that it runs as; by default this one
 */
export function command(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  uid: number | undefined = undefined,
): Promise<Ended> {
  const options = {
    cwd,
    maxBuffer: 1 << 26,
    env: { ...process.env, ...environment },
    ...(uid === undefined ? {} : { uid }),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
