// Adds a run of the benchmarks to a history and prints how its ratios compare with those of the runs before: what .ci/nightly calls.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatTrends, ratioTrends, type BenchmarkDocument } from './harness/ratio-history.ts';

const { values } = parseArgs({
  options: { results: { type: 'string' }, history: { type: 'string' }, commit: { type: 'string' } },
});
const { results, history, commit } = values;
if (results === undefined || history === undefined || commit === undefined) {
  process.stderr.write('history.ts --results FILE --history FILE --commit SHA: all three are needed\n');
  process.exit(64);
}
const run = { commit, ...(JSON.parse(readFileSync(results, 'utf8')) as BenchmarkDocument) };
const former = existsSync(history)
  ? readFileSync(history, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as BenchmarkDocument)
  : [];
process.stdout.write(`${formatTrends(ratioTrends(run, former))}\n`);
appendFileSync(history, `${JSON.stringify(run)}\n`);
