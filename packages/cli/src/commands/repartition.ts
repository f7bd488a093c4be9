import type { Command } from 'commander';
import { repartition } from '@hemline/runtime';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { parseWhole, withData, type DataOptions } from './options.ts';

interface RepartitionCommand extends DataOptions {
  readonly out: string;
  readonly buckets: number;
  readonly memory: number;
  readonly threads: number;
}

/**
 * Adds `hemline repartition`.
 * @param program to add to
 */
export function addRepartition(program: Command): void {
  withData(program.command('repartition'))
    .description('write a dataset anew in partitions of whole series, sorted, however it is partitioned now')
    .requiredOption('--out <dir>', 'new folder')
    .option('--buckets <n>', 'partitions that each market is split into, by article', parseWhole, 1)
    .option('--memory <mib>', 'memory of sorting before it goes to disk', parseWhole, 2048)
    .option('--threads <n>', 'threads', parseWhole, 1)
    .action(async ({ data, descriptor, out, json, memory, ...options }: RepartitionCommand) => {
      const bars = new ProgressBars();
      try {
        const summary = await repartition(data, out, {
          ...options,
          descriptor,
          memoryMib: memory,
          signal: interruptSignal(),
          onProgress: (event) => bars.update('repartition', event),
        });
        bars.stop();
        printResult(
          summary,
          `${summary.rows.toLocaleString('en')} rows in ${summary.partitions} partitions: ${summary.directory}`,
          json,
        );
      } finally {
        bars.stop();
      }
    });
}
