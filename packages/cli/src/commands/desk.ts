import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { ServeDeskOptions } from '@hemline/desk';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printNotice, printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { parseWhole } from './options.ts';

interface DeskCommandOptions extends Pick<
  ServeDeskOptions,
  'host' | 'port' | 'person' | 'auth' | 'decisions' | 'data' | 'rules'
> {
  readonly open?: boolean;
  readonly json?: boolean;
}

/**
 * Adds `hemline desk [RUN]`.
 * @param program to add to
 */
export function addDesk(program: Command): void {
  program
    .command('desk')
    .description(
      'open a page on what a run recommends: see, question, approve and overrule its discounts; several people may work on it at once',
    )
    .argument('[run]', 'a run that has priced, or the beginning of its id (default: the latest)', 'latest')
    .option('--port <n>', 'port of the page (default: one that is free)', parseWhole)
    .option('--person <name>', 'who works at it (default: the user of this machine)')
    .option('--host <name>', 'address that it listens on; any but 127.0.0.1 needs --auth')
    .option(
      '--auth <file>',
      'JSON file of people, their roles and tokens, or of a proxy that knows them (packages/desk/README.md)',
    )
    .option(
      '--rules <file>',
      'JSON file of rules of approval and reasons (default: desk/rules.json of the home)',
    )
    .option(
      '--decisions <place>',
      'folder or s3://bucket/prefix of the decisions (default: decisions/ of the home)',
    )
    .option('--data <dir>', 'folder of the dataset (default: where the run found it)')
    .option('--open', 'open the page in the browser')
    .option('--json', 'print the address as JSON')
    .action(serve);
}

async function serve(run: string, { open, json, ...options }: DeskCommandOptions): Promise<void> {
  const signal = interruptSignal('closing the desk; what was confirmed is kept');
  const bars = new ProgressBars();
  // Nobody but those who open a desk waits for what it is made of.
  const { serveDesk } = await import('@hemline/desk');
  const served = await serveDesk({
    ...{ ...options, run },
    hemline: { program: process.execPath, args: [...process.execArgv, process.argv[1]!] },
    onProgress: (done, total) => bars.update('read', { phase: 'read', done, total, unit: 'recommendations' }),
    onNotice: (text) => bars.log(text),
  }).finally(() => bars.stop());
  const { url, port, hasPage } = served;
  const { run: id } = await served.desk.facts();
  printResult({ url, port, run: id, pid: process.pid }, `The desk on ${id}: ${url}\nCtrl-C ends it.`, json);
  if (!hasPage) printNotice('The page is not built, only its API answers: build it with "npm run setup".');
  if (open === true) openPage(url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
}

/** Whether there is a browser is not for this process to say. */
function openPage(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  spawn(program!, args, { stdio: 'ignore', detached: true })
    .on('error', () => printNotice('No browser was found: open the address yourself.'))
    .unref();
}
