// Writes a run until it is killed: what killed-recorder.test.ts starts. Each line it prints was on record before.
import { RunRecorder } from '../../src/records/run-recorder.ts';

const [directory, from] = process.argv.slice(2) as [string, string];
const code = { version: '0.1.0', commit: null, dirty: null };
const recorder = await RunRecorder.open(directory, { run: 'weekly-1', kind: 'weekly', code });
process.stdout.write('open\n');
for (let i = Number(from); ; i++) {
  const step = `step ${i}`;
  // Several at once, as an orchestrator of parallel steps does.
  await Promise.all([
    recorder.stepStarted(step),
    recorder.addMetrics(step, { demandError: i }),
    recorder.stepFinished(step),
  ]);
  process.stdout.write(`${i}\n`);
}
