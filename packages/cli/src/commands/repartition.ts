import type { Command } from 'commander';
import { repartition } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole, withData, type DataOptions } from './options.ts';

interface RepartitionCommandOptions extends DataOptions {
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
    .action(async ({ json, memory, ...options }: RepartitionCommandOptions) => {
      const given = { ...options, memoryMib: memory };
      const summary = await withBars((told) => repartition({ ...given, ...told }));
      printResult(
        summary,
        `${summary.rows.toLocaleString('en')} rows in ${summary.partitions} partitions: ${summary.directory}`,
        json,
      );
    });
}
