import { Option, type Command } from 'commander';
import { EXIT_CODES } from '@hemline/sagemaker';
import { check } from '@hemline/hemline';
import { checkText } from '../terminal/check-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';

interface CheckCommandOptions {
  readonly descriptor?: string;
  readonly missingWeeks?: 'zero' | 'unobserved';
  readonly writeDescriptor?: boolean;
  readonly json?: boolean;
}

/**
 * Adds `hemline check`.
 * @param program to add to
 */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('all problems of a dataset at once, and the lines of dataset.json that settle them')
    .argument('<data>', 'folder of the dataset; a path or s3://bucket/prefix')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .addOption(
      new Option(
        '--missing-weeks <meaning>',
        'what weeks without a row are in the proposed descriptor, which is never guessed',
      ).choices(['zero', 'unobserved']),
    )
    .option('--write-descriptor', 'write the proposed lines into dataset.json')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 without a problem, 65 with one. Jobs stop at the first problem; this command tells all of them.',
    )
    .action(async (data: string, { json, ...options }: CheckCommandOptions) => {
      const result = await withBars((told) => check(data, { ...options, ...told }));
      printResult(result, checkText(result), json);
      if (result.problems.length > 0) process.exitCode = EXIT_CODES.input;
    });
}
