import { QUANTITIES } from '@hemline/core';
import type { Recipe } from './recipes.ts';

/**
 * The README of a new model package: what it does, what to change first, how to see whether that helped.
 * @param name of the model
 * @param recipe what it is made from
 * @returns Markdown
 */
export function readmeOf(name: string, recipe: Recipe): string {
  const { question, values } = QUANTITIES[recipe.quantity];
  return `# ${name}

${recipe.description} ${question}

\`\`\`sh no-test: data/ is your own
npx hemline backtest ${name} --data data/ --cutoff 2026-01-05,2026-03-02
npx hemline models ${name}            # its hyperparameters
npx hemline run weekly --data data/   # it is a part of the weekly workflow
\`\`\`

## Method

${methodOf(recipe)}

## What to change

${changesOf(recipe)}

\`tests/conformance.test.ts\` holds the model to the contract: no look at the future, the same forecasts in whatever order rows come,
forecasts in the units of what was sold, save and load, unknown articles, abort. Run it with \`npx vitest models/${name}/\`;
\`npx nx typecheck ${name}\` checks the types of this package alone, in seconds.

## Requirements

[requirements.json](requirements.json) holds what a new version has to reach to be approved by itself; another is left pending with the
reason, until a person approves it. The limits are those of the quantity: tighten them once the model is better.

## Metric and score

${scoreOf(recipe, values)} Write down here what it scores on which data, and with which command.

## Limits

${limitsOf(recipe)}
`;
}

function methodOf({ kind, quantity }: Recipe): string {
  if (kind === 'average') return AVERAGE_METHODS[quantity];
  const learner =
    kind === 'trees'
      ? 'Gradient-boosted trees (LightGBM; scored in TypeScript)'
      : 'A network of a few dense layers (TensorFlow)';
  if (quantity === 'demand')
    return `The level of a series is what it sells in an ordinary week. ${learner} learn${kind === 'trees' ? '' : 's'} by which factor demand differs from it,
with the likelihood of Poisson counts, from features of \`@hemline/features\`, the weeks ahead and the discount. Every observed week is an
example, seen from 1 to \`horizon\` weeks before it in turn. ${
      kind === 'trees'
        ? 'A monotone constraint keeps demand from falling as the discount rises.'
        : 'The discount acts through slopes that cannot be negative, so that demand never falls as it rises.'
    } Examples of a tenth of the series tell when to
stop.`;
  return `Observations are averaged by item and shrunk through article, group and market (\`HierarchicalAverages\` of \`@hemline/features\`).
${learner} learn${kind === 'trees' ? '' : 's'} how items come to differ from their averages: looking back from several weeks of the past, with features from
before and what was observed after. Examples of a tenth of the items tell when to stop.`;
}

const AVERAGE_METHODS: Readonly<Record<Recipe['quantity'], string>> = {
  demand: `Demand = level of the series × lift of the discount. The lift is the same for all series and fitted by maximum likelihood of
Poisson counts, levels and lifts in turn; it never falls as the discount rises. The level is the average of demand / lift, recent weeks
counting more, shrunk from article to group to market (\`HierarchicalAverages\` of \`@hemline/features\`).`,
  'return-rate': `Units returned / units sold, sales counted by the share of their returns that has had time to arrive, shrunk from
article to group to market (\`HierarchicalAverages\` of \`@hemline/features\`).`,
  'return-time': `Hazards by weeks since the sale, cohorts leaving the risk set at the cutoff, shrunk from article to group to market
(\`returnTimeHazard\` of \`@hemline/features\`).`,
  'fulfillment-cost': `A week's cost / units is an observation, weighted by its units; averages are shrunk from article to group to
market (\`HierarchicalAverages\` of \`@hemline/features\`).`,
  'residual-value': `What cleared units brought / their black price, averaged by group, season, age, article and market, shrunk from fine
to coarse (\`HierarchicalAverages\` of \`@hemline/features\`).`,
};

function changesOf({ kind, quantity }: Recipe): string {
  const features =
    quantity === 'demand'
      ? `- **Features**: the lists in [src/features.ts](src/features.ts). A line is a feature; the kinds are in the README of
  \`@hemline/features\`, and \`npx nx g @hemline/workspace-plugin:feature NAME\` adds another.`
      : `- **Features**: the list in [src/features.ts](src/features.ts): a name, and how it follows from what is known of an item.`;
  if (kind === 'average')
    return `- **The average** itself: which rows are observations, how they weigh, which hierarchy they go through.\n- **Hyperparameters**: [src/hyperparameters.ts](src/hyperparameters.ts).`;
  return `${features}
- **Learner**: [src/learner.ts](src/learner.ts) and its hyperparameters beside it.${quantity === 'demand' ? '' : '\n- **Observations**: [src/observations.ts](src/observations.ts) says what is learnt from.'}`;
}

function scoreOf({ quantity }: Recipe, values: readonly string[]): string {
  return quantity === 'demand'
    ? 'Demand error = sqrt( Σ b (q̂ − q)² / Σ b q² ), demand bias = Σ b (q̂ − q) / Σ b q, b the black price; `demand-naive` is what to beat.'
    : `\`${values.join('`, `')}\` of a later window: rmse, mae, wape and bias; the average of the house is what to beat.`;
}

function limitsOf({ kind, quantity }: Recipe): string {
  if (quantity === 'demand' && kind === 'average')
    return `- One lift for all series, no season and no trend.\n- Weeks that are known to be sold out are passed over: demand of what sells out is estimated too low.`;
  if (quantity === 'demand')
    return `- Weeks that are known to be sold out are not learnt from: demand of what sells out is estimated too low.
- Learns from \`maximumSeries\` series at most, in memory: about 100 bytes and 4 a feature for each week.${kind === 'trees' ? '\n- A training that was interrupted begins anew.' : ''}`;
  if (kind === 'average')
    return '- Averages over the whole history as of the cutoff: changes are learned slowly.';
  return `- Needs a few months of history: without several blocks of weeks there is nothing to learn from.
- Knows of an item what its averages and attributes say; memory grows with items, not with weeks.`;
}
