import { runCommand } from '../src/run-command.ts';
import type { WarmAnswer, WarmRequest } from './warm-command.ts';

/** What may stay open for a moment after a command is closed by then. */
const SETTLING_MILLISECONDS = 5000;

// Commands run one after the other: the order that they were asked for in.
let last: Promise<void> = Promise.resolve();
process.on('message', (request: WarmRequest) => (last = last.then(() => answer(request))));
// Both are opened by being looked at.
void [process.stdout, process.stderr];
const idle = open();

async function answer({ args, environment, mark }: WarmRequest): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  process.argv = [process.argv[0]!, process.argv[1]!, ...args];
  process.exitCode = undefined;
  await runCommand(args);
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  const told: WarmAnswer = { code, left: await leftOpen() };
  process.stdout.write(mark);
  process.stderr.write(mark);
  process.send!(told);
}

/** What keeps a process from ending, besides what this one has when it does nothing. */
function open(): string[] {
  return process.getActiveResourcesInfo().sort();
}

async function leftOpen(): Promise<string[]> {
  const end = Date.now() + SETTLING_MILLISECONDS;
  for (;;) {
    const waiting = [...idle];
    const left = open().filter((each) => {
      const known = waiting.indexOf(each);
      if (known !== -1) waiting.splice(known, 1);
      return known === -1;
    });
    if (left.length === 0 || Date.now() > end) return left;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
