import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');
const SHARED = join(ROOT, '../shared/data');

/** Public data that forecasts are scored on, and what is required of the model that users get. */
export interface RetailData {
  readonly name: string;
  readonly folder: string;
  readonly descriptor: string;
  /** Last known weeks of the announced windows, and of those that choices are made on. */
  readonly announced: readonly string[];
  readonly validation: readonly string[];
  /** Trees of LightGBM: as the peers that come with the data have. */
  readonly rounds: number;
  /** What LightGBM is told of the plan: also of neighbouring weeks and of other articles, as our models are, or of the series' own week alone. */
  readonly plan: 'all' | 'own';
  /** Largest mean error over the announced windows. */
  readonly limit: number;
  /** Largest mean bias, whatever its sign, where one is required. */
  readonly biasLimit?: number;
}

/** Weeks forecast after each cutoff of public data. */
export const HORIZON = 8;

/** Data that the suite looks for beside the project. */
export const RETAIL_DATA: readonly RetailData[] = [
  {
    name: 'orange-juice',
    folder: join(SHARED, 'orange-juice'),
    descriptor: join(ROOT, 'tools/reference-data/orange-juice/dataset.json'),
    announced: ['1992-04-16', '1992-06-11', '1992-08-06'],
    validation: ['1991-10-17', '1991-12-12', '1992-02-06'],
    rounds: 600,
    plan: 'all',
    limit: 0.57,
    biasLimit: 0.1,
  },
  {
    name: 'analgesics',
    folder: join(SHARED, 'analgesics'),
    descriptor: join(SHARED, 'analgesics/dataset.json'),
    announced: ['2001-08-20', '2001-10-01'],
    validation: ['2001-06-04', '2001-06-25'],
    rounds: 600,
    plan: 'all',
    limit: 0.385,
  },
  {
    name: 'tech-shop',
    folder: join(SHARED, 'tech-shop'),
    descriptor: join(SHARED, 'tech-shop/dataset.json'),
    announced: ['2018-06-04', '2018-07-30'],
    validation: ['2018-01-29', '2018-03-26'],
    rounds: 300,
    plan: 'all',
    limit: 0.75,
  },
];

/** Simulated markets, by the seeds that make them. */
export const MARKETS = {
  name: 'market',
  announced: [11, 12, 13],
  validation: [1, 2, 3, 4, 5],
  articles: 2000,
} as const;

/** Names of all data. */
export const ACCURACY_DATA: readonly string[] = [...RETAIL_DATA.map(({ name }) => name), MARKETS.name];
