#!/usr/bin/env node
// The command behind the Nx targets bundle, image and image-test, and behind the workflows of CI.
import { HemlineError } from '@hemline/core';
import { COMMANDS, HELP } from './commands.ts';

const [command = '--help', ...rest] = process.argv.slice(2);
try {
  const run = COMMANDS[command];
  if (command === '--help' || command === 'help' || rest.includes('--help')) process.stdout.write(HELP);
  else if (run === undefined) {
    process.stderr.write(
      `images: unknown command ${command}; expected one of ${Object.keys(COMMANDS).join(', ')}\n`,
    );
    process.exitCode = 64;
  } else await run(rest);
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  const { message, stack } = error as Error;
  process.stderr.write(`${error instanceof HemlineError || isUsage ? `images: ${message}` : stack}\n`);
  process.exitCode = isUsage ? 64 : 1;
}
