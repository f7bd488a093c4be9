// Appends decisions of its own articles, one segment each, while others do the same: node append-many.ts PLACE NAME COUNT
import { DecisionStore } from '../../src/decisions/decision-store.ts';
import { eventBatch, factsOf } from './event-batch.ts';

const [place, name, count] = process.argv.slice(2) as [string, string, string];
const store = await DecisionStore.open(place);
for (let i = 0; i < Number(count); i++) {
  const event = {
    event: 'overridden',
    discount: 0.2,
    by: name,
    reason: 'test',
    article: `${name}${i}`,
  } as const;
  const { segment } = await store.append(eventBatch([event]), factsOf(`${name}${i}`));
  process.stdout.write(`${segment}\n`);
}
