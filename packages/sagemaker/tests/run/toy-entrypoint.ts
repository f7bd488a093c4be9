// An entrypoint that does what its first argument, or its hyperparameter `act`, says.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcessingContext } from '../../src/container/processing-context.ts';
import { readTrainingContext } from '../../src/container/training-context.ts';
import { metricLine } from '../../src/telemetry/telemetry-lines.ts';

const [entrypoint, argument] = process.argv.slice(2);
const filesOf = (folder: string): string[] => readdirSync(join(folder, 'weekly')).sort();
const say = (facts: object): void =>
  void process.stderr.write(`${JSON.stringify({ level: 'info', msg: '', ...facts })}\n`);

if (entrypoint === 'train') {
  const { paths, channels, hyperparameters, jobName } = await readTrainingContext();
  process.stdout.write(`${metricLine('loss', 0.5)}\n`);
  process.stdout.write(`${metricLine('other', 2)}\n`);
  // Two pipes have no order between them.
  await new Promise((resolve) => setTimeout(resolve, 50));
  say({ progress: { phase: 'working', done: 1, total: 1, unit: 'rounds' }, peakMemoryBytes: 1e6 });
  const model = { job: jobName, act: hyperparameters['act'], files: filesOf(channels['dataset']!) };
  writeFileSync(join(paths.model, 'model.json'), JSON.stringify(model));
} else {
  const { paths, outputs, hosts } = await readProcessingContext();
  if (argument === 'work')
    writeFileSync(
      join(outputs['out']!, hosts.current),
      filesOf(join(paths.processingInput, 'dataset')).join(','),
    );
  if (argument === 'fail') {
    writeFileSync(paths.message, 'the table weekly is empty.');
    process.exit(65);
  }
  if (argument === 'fall') process.kill(process.pid, 'SIGKILL');
  if (argument === 'wait') {
    say({ progress: { phase: 'waiting', done: 0, total: null, unit: 's' } });
    setTimeout(() => undefined, 60_000);
  }
}
