import { ConfigurationError, formatWeek, valueAt, type Batch } from '@hemline/core';
import { evaluateFitted } from '@hemline/evaluation';
import { openStore } from '@hemline/stores';
import type { Dataset } from '../datasets/dataset.ts';
import { loadMembers } from '../members/load-members.ts';
import type { OpenedModel } from './forecast-job.ts';
import { outputOf } from './processing-job.ts';

/**
 * Scores a trained model on the weeks after its cutoff. Leaves `metrics.json`, `segments.json` and the model's insights.
 * @param job the opened model
 * @param dataset of the job
 * @throws ConfigurationError when the data lies on several hosts
 */
export async function evaluate(job: OpenedModel, dataset: Dataset): Promise<void> {
  const { model, context, cutoff, signal, telemetry } = job;
  const { horizon, batchRows, segment } = job.arguments;
  const output = outputOf(job, 'evaluation');
  const sharded = Object.values(context.inputs).find((input) => input.sharded);
  if (sharded !== undefined && context.hosts.all.length > 1) {
    throw new ConfigurationError('scores need all of the data on one host', {
      expected: 'FullyReplicated inputs',
      found: `ShardedByS3Key for ${sharded.name}`,
      remedy: 'Use one instance, or replicate the inputs.',
    });
  }
  telemetry.progress({ phase: 'evaluating', done: 0, total: 1, unit: 'windows' });
  const fitted = await model.load(job.artifact, await loadMembers(model));
  try {
    const window = { cutoff, horizon };
    const { segments, ...scores } = await evaluateFitted(model, fitted, dataset.tables, window, {
      batchRows,
      segment,
      allSegments: true,
      signal,
    });
    for (const [name, value] of Object.entries(scores.metrics)) telemetry.metric(name, value);
    const report = {
      model: model.name,
      quantity: model.quantity,
      cutoff: formatWeek(cutoff),
      horizon,
      ...scores,
    };
    const store = await openStore(output);
    await store.write('metrics.json', `${JSON.stringify(report, null, 2)}\n`);
    await store.write('segments.json', linesOf(segments));
    for (const [name, table] of Object.entries(fitted.insights ?? {}))
      await store.write(`insights/${name}.json`, `${JSON.stringify(rowsOf(table), null, 2)}\n`);
  } finally {
    fitted.dispose();
  }
  telemetry.progress({ phase: 'evaluating', done: 1, total: 1, unit: 'windows' });
}

/** A list of objects, each on a line of its own. */
function linesOf(rows: readonly object[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

/** A small table as a list of objects, which every plotting tool reads. */
function rowsOf(table: Batch): Record<string, unknown>[] {
  return Array.from({ length: table.length }, (_, row) =>
    Object.fromEntries([...table.columns].map(([name, column]) => [name, valueAt(column, row)])),
  );
}
