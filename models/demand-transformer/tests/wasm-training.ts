/** Run as a process of its own, since one process has one backend: trains on a small market, forecasts it, and prints what it took. */
import { itemsOf, weeksAhead } from '@hemline/core';
import { syntheticTables } from '@hemline/evaluation/testing';
import { demandHyperparameters } from '../src/hyperparameters.ts';
import model from '../src/model.ts';

const tables = syntheticTables({ articles: 16, markets: 2, weeks: 60 });
const cutoff = tables.lastWeek - 84;
const hyperparameters = demandHyperparameters.parse({
  ...(JSON.parse(process.argv[2]!) as object),
  inferenceBatch: 32,
});
const phases = new Set<string>();
const known = tables.asOf(cutoff);
const began = performance.now();
const fitted = await model.fit(
  { cutoff, seed: 3, onProgress: ({ phase }) => phases.add(phase) },
  known,
  hyperparameters,
);
const seconds = (performance.now() - began) / 1000;
const items = await itemsOf(tables.get('weekly'), tables.find('articles'), tables.find('markets'));
let [rows, bad] = [0, 0];
const weeks = weeksAhead(cutoff, 3);
const scenarios = { kind: 'grid', weeks, discounts: Float64Array.of(0, 0.3), plan: null } as const;
for await (const batch of fitted.predict({ cutoff, items, history: known, scenarios, batchRows: 1000 })) {
  rows += batch.length;
  bad += batch.floats('demand').filter((value) => !(Number.isFinite(value) && value >= 0)).length;
}
const { metrics } = fitted;
fitted.dispose();
process.stdout.write(
  `${JSON.stringify({ seconds, phases: [...phases], metrics, rows, bad, items: items.length })}\n`,
);
