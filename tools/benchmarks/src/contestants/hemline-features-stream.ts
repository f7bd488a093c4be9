import { panelOf, WEEKS } from '../features/panel-data.ts';
import { panelFrom, summed, TWELVE } from '../features/twelve-features.ts';
import { printSample } from './sample.ts';

// More rows than memory holds: panels of some series each, made as they are needed, in the two passes that groups take.
const series = Math.round(Number(process.argv[2]) / WEEKS);
const CHUNK = 5000;

const began = performance.now();
const totals = TWELVE.totals(Infinity);
for (let first = 0; first < series; first += CHUNK)
  totals.add(panelFrom(panelOf(first, Math.min(series, first + CHUNK), series)));
let values = 0;
for (let first = 0; first < series; first += CHUNK) {
  const panel = panelFrom(panelOf(first, Math.min(series, first + CHUNK), series));
  const columns = TWELVE.transform(panel, { cutoff: Infinity, totals });
  for (const column of columns.values.values()) values += summed(column)[0];
}
printSample((performance.now() - began) / 1000, String(values));
