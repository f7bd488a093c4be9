import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../cli/bin/hemline.mjs', import.meta.url));

/** How `hemline` is started. */
export const HEMLINE = { program: process.execPath, args: [COMMAND] };

/** The market of `npm start`, smaller: trees that learn for a moment know that discounts sell. */
const STEPS = [
  'simulate --articles 120 --markets 3 --weeks 130 --seed 1 --out market',
  'train demand-trees --data market/observed --cutoff 2023-10-02 --set rounds=40 --set examples=8000',
  'forecast demand-trees --data market/observed --cutoff 2023-10-02 --horizon 8 --discounts 0:0.6:0.05',
];

const LIMITS = `business:
  - { name: discount rate, limit: discount-rate, upper: 0.2 }
  - { name: units sold, limit: units, lower: 10 }
`;

/**
 * Makes a market whose discounts are recommended, as the commands do.
 * @param folder to work in; the home is `.hemline` in it
 */
export async function pricedMarket(folder: string): Promise<void> {
  const limits = join(folder, 'limits.yaml');
  await writeFile(limits, LIMITS);
  for (const step of STEPS) await run(folder, step.split(' '));
  // The desk prices again from another folder: it has to find the limits there, too.
  await run(folder, ['price', '--limits', limits]);
}

function run(cwd: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, HEMLINE_HOME: join(cwd, '.hemline') };
    const child = spawn(HEMLINE.program, [...HEMLINE.args, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`hemline ${args[0]} ended with ${code}: ${output}`)),
    );
  });
}
