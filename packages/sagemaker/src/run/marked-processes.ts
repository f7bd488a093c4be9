import { readFileSync, readdirSync } from 'node:fs';

/**
 * The processes of this machine whose environment has a variable with a value that is looked for. Where there is no `/proc`, none is
 * found.
 * @param variable its name
 * @param isMark whether a value is the one
 * @returns their ids, without this process'
 */
export function processesMarked(variable: string, isMark: (value: string) => boolean): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        const entry = readFileSync(`/proc/${pid}/environ`, 'utf8')
          .split('\0')
          .find((each) => each.startsWith(`${variable}=`));
        return entry !== undefined && isMark(entry.slice(variable.length + 1));
      } catch {
        // Not ours to read, or gone.
        return false;
      }
    });
}

/**
 * @param pid of a process that may have ended
 * @param signal for it
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
