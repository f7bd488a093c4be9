import { QUANTITIES, UnsupportedError, nearest, type QuantityName } from '@hemline/core';

/** What a model learns with. */
export const KINDS = ['average', 'trees', 'tensor'] as const;

/** What a model learns with. */
export type Kind = (typeof KINDS)[number];

/** What a model of a kind for a quantity is made from. */
export interface Recipe {
  readonly kind: Kind;
  readonly quantity: QuantityName;
  /** Folders whose files make the package's: below `templates`, or a model of the house. */
  readonly sources: readonly Source[];
  readonly engine: 'lightgbm' | 'tensorflow' | null;
  /** Packages that it imports besides those that every model does. */
  readonly imports: readonly string[];
  /** One sentence, the definition's description. */
  readonly description: string;
}

/** Where files are copied from. */
export type Source =
  | { readonly template: string }
  /** The averages of the house are what a new average begins as: sources and tests. */
  | { readonly model: string; readonly class: string };

const METHODS: Readonly<Record<Exclude<Kind, 'average'>, string>> = {
  trees: 'gradient-boosted trees',
  tensor: 'a network',
};

const LEARNED: Partial<Readonly<Record<QuantityName, (method: string) => string>>> = {
  demand: (method) => `Demand relative to the level of its series: ${method}, monotone in the discount.`,
  'return-rate': (method) =>
    `Return rate: shrunk averages of cohorts that are all in, corrected by ${method}.`,
  'fulfillment-cost': (method) => `Fulfilment cost: shrunk averages, corrected by ${method}.`,
  'residual-value': (method) => `Residual value: shrunk averages of clearances, corrected by ${method}.`,
};

const AVERAGES: Readonly<Record<QuantityName, { readonly source: Source; readonly description: string }>> = {
  demand: {
    source: { template: 'average-demand' },
    description: 'Demand: shrunk level of each series, times the lift of the discount.',
  },
  'return-rate': {
    source: { model: 'return-rate-average', class: 'ReturnRateAverage' },
    description: 'Return rate: averages shrunk from article to group to market, corrected for open cohorts.',
  },
  'return-time': {
    source: { model: 'return-time-average', class: 'ReturnTimeAverage' },
    description: 'Return time: hazards of cohorts, right-censored, shrunk through a hierarchy.',
  },
  'fulfillment-cost': {
    source: { model: 'fulfillment-cost-average', class: 'FulfillmentCostAverage' },
    description: 'Fulfilment cost: averages shrunk from article to group to market.',
  },
  'residual-value': {
    source: { model: 'residual-value-average', class: 'ResidualValueAverage' },
    description: 'Residual value: averages shrunk through group, season and age.',
  },
};

/**
 * @param kind as typed
 * @param quantity as typed
 * @returns what a model of this kind for this quantity is made from
 * @throws UnsupportedError for a kind or quantity that there is not, and for the two that do not go together
 */
export function recipeFor(kind: string, quantity: string): Recipe {
  const known = oneOf('kind', kind, KINDS);
  const wanted = oneOf('quantity', quantity, Object.keys(QUANTITIES) as QuantityName[]);
  if (known === 'average') {
    const { source, description } = AVERAGES[wanted];
    return { kind: known, quantity: wanted, sources: [source], engine: null, imports: [], description };
  }
  const describe = LEARNED[wanted];
  if (describe === undefined)
    throw new UnsupportedError(`${known} cannot forecast the ${wanted}`, {
      expected: `--kind average for it, or --quantity ${Object.keys(LEARNED).join(', ')}`,
      found: `--kind ${known} --quantity ${wanted}`,
      remedy:
        'The shares of an item sum to 1 and its young cohorts are censored, which takes a model of hazards: begin with the average.',
    });
  const parts = wanted === 'demand' ? ['learned-demand'] : ['learned-item', `item-${wanted}`];
  return {
    kind: known,
    quantity: wanted,
    sources: ['learned', ...parts, known].map((template) => ({ template })),
    engine: known === 'trees' ? 'lightgbm' : 'tensorflow',
    imports: known === 'trees' ? ['@hemline/lightgbm'] : ['@hemline/tensor', 'pure-rand'],
    description: describe(METHODS[known]),
  };
}

/** @returns every kind with every quantity that it can forecast */
export function everyRecipe(): Recipe[] {
  return KINDS.flatMap((kind) =>
    (Object.keys(QUANTITIES) as QuantityName[])
      .filter((quantity) => kind === 'average' || LEARNED[quantity] !== undefined)
      .map((quantity) => recipeFor(kind, quantity)),
  );
}

function oneOf<T extends string>(option: string, given: string, values: readonly T[]): T {
  const found = values.find((value) => value === given);
  if (found !== undefined) return found;
  const close = nearest(given, values);
  throw new UnsupportedError(`there is no ${option} ${given}`, {
    expected: `--${option} ${values.join(', ')}`,
    found: given,
    ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
  });
}
