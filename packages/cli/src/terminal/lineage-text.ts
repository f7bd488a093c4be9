import type { Lineage } from '@hemline/hemline';
import { codeText } from './run-text.ts';
import { drawTable } from './table.ts';

/** Fingerprints of different things stand in one table: who compares them is told that they cannot match. */
const OF_DIFFERENT_TABLES =
  '* The fingerprint of the training data is of the tables that the model was given, those of runs are of all tables of their dataset: they differ also where nothing has changed.';

/**
 * Where a file comes from, for people.
 * @param lineage of the file
 * @returns a table, and what could not be found out
 */
export function lineageText({ file, artifacts, gaps, ...traced }: Lineage): string {
  const { footer, forecast, training, versions, manifest } = traced;
  const inputs = [...(forecast?.inputs ?? []), ...(training?.inputs ?? [])];
  const isOther = inputs.some(({ fingerprint }) => fingerprint !== footer.trainingFingerprint);
  const rows: [string, string][] = [
    ['model', `${footer.model}, artifact format ${footer.modelVersion}`],
    ...versions.map(({ version, status, cutoff }): [string, string] => [
      'version',
      `${version} of the registry, ${status}, knows data up to ${cutoff}`,
    ]),
    ['training data', `fingerprint ${footer.trainingFingerprint}${isOther ? ' *' : ''}`],
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
  return [
    file,
    drawTable(['of', 'value'], rows),
    ...(isOther ? [OF_DIFFERENT_TABLES] : []),
    ...gaps.map((gap) => `! ${gap}`),
  ].join('\n');
}
