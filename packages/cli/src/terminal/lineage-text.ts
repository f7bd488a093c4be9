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
  const { footer, forecast, training, versions, pricing, manifest } = traced;
  const inputs = [...(forecast?.inputs ?? []), ...(training?.inputs ?? [])];
  const isPricing = footer.model === 'pricing';
  const isOther = !isPricing && inputs.some(({ fingerprint }) => fingerprint !== footer.trainingFingerprint);
  const rows: [string, string][] = [
    ...(isPricing ? [] : [row('model', `${footer.model}, artifact format ${footer.modelVersion}`)]),
    ...versions.map(({ version, status, cutoff }): [string, string] => [
      'version',
      `${version} of the registry, ${status}, knows data up to ${cutoff}`,
    ]),
    ...(isPricing
      ? [row('recommendations', `of what has the digest ${footer.trainingFingerprint}`)]
      : [row('training data', `fingerprint ${footer.trainingFingerprint}${isOther ? ' *' : ''}`)]),
    [isPricing ? 'code' : 'training code', footer.codeVersion],
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
  if (pricing !== null) rows.push(...pricingRows(pricing));
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

const row = (of: string, value: string): [string, string] => [of, value];

/** What recommendations follow from. */
function pricingRows({ origin, versions }: NonNullable<Lineage['pricing']>): [string, string][] {
  const { run, forecasts, dataset, limits, plan, decisions = null, settings } = origin;
  const given = (file: typeof limits): string =>
    file === null ? 'none' : `${file.file}, SHA-256 ${file.sha256}`;
  return [
    ['forecasts', `of run ${run}`],
    ...forecasts.map(({ quantity, model, place, digest }): [string, string] => {
      const used = versions.find((each) => each.model === model);
      const version = used?.version ?? null;
      const by = used?.trainedBy ?? null;
      return [
        `  ${quantity}`,
        `${model}${version === null ? '' : ` ${version}`}${by === null ? '' : `, trained by ${by}`}: ${place}, digest ${digest}`,
      ];
    }),
    ['dataset', `${dataset.name}, fingerprint ${dataset.fingerprint}`],
    ['limits', given(limits)],
    ['plan', given(plan)],
    [
      'decisions',
      decisions === null ? 'none were heeded' : `${decisions.store}, as of segment ${decisions.segments}`,
    ],
    ...Object.entries(settings).map(([name, value]): [string, string] => [
      `  ${name}`,
      JSON.stringify(value) ?? 'none',
    ]),
  ];
}
