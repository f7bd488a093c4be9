import { Option, type Command } from 'commander';
import { lineage, type Lineage } from '@hemline/hemline';
import { withRegistry, type RegistryOptions } from './registry-options.ts';
import { printResult } from '../terminal/print.ts';
import { codeText } from '../terminal/run-text.ts';
import { drawTable } from '../terminal/table.ts';

interface LineageOptions extends RegistryOptions {
  readonly runs?: string;
}

/**
 * Adds `hemline lineage FILE`.
 * @param program to add to
 */
export function addLineage(program: Command): void {
  withRegistry(program.command('lineage'))
    .description('which model, data and code made a forecast file')
    .argument('<file>', 'Parquet file that hemline wrote: path or s3://bucket/key')
    .addOption(
      new Option('--runs <dir>', 'folder of the runs (default: runs/ of HEMLINE_HOME)').env('HEMLINE_RUNS'),
    )
    .action(async (file: string, options: LineageOptions) => {
      const traced = await lineage(file, options);
      printResult(traced, lineageText(traced), options.json);
    });
}

function lineageText({ file, artifacts, gaps, ...traced }: Lineage): string {
  const { footer, forecast, training, versions, manifest } = traced;
  const rows: [string, string][] = [
    ['model', `${footer.model}, artifact format ${footer.modelVersion}`],
    ...versions.map(({ version, status, cutoff }): [string, string] => [
      'version',
      `${version} of the registry, ${status}, knows data up to ${cutoff}`,
    ]),
    ['training data', `fingerprint ${footer.trainingFingerprint}`],
    ['training code', footer.codeVersion],
    ['partition', footer.partition],
    ['inputs', `digest ${footer.inputHash}`],
    ['run', footer.runId],
  ];
  if (forecast !== null) {
    rows.push(
      ['  started', forecast.startedAt],
      ['  command', forecast.command.join(' ')],
      ['  code', codeText(forecast.code)],
      ...forecast.inputs.map((input): [string, string] => [
        `  data ${input.name}`,
        `${input.url}, fingerprint ${input.fingerprint}`,
      ]),
      ...artifacts.map((artifact): [string, string] => ['  model folder', artifact]),
    );
  }
  if (training !== null)
    rows.push(
      ['trained by', training.run],
      ['  started', training.startedAt],
      ...Object.entries(training.parameters).map(([name, value]): [string, string] => [`  ${name}`, value]),
      ['  code', codeText(training.code)],
      ...training.inputs.map((input): [string, string] => [
        `  data ${input.name}`,
        `${input.url}, fingerprint ${input.fingerprint}`,
      ]),
    );
  rows.push(['checksum', manifest === null ? 'no manifest lists the file' : `as in ${manifest}`]);
  return [file, drawTable(['of', 'value'], rows), ...gaps.map((gap) => `! ${gap}`)].join('\n');
}
