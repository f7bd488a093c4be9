import { HemlineError, valueAt, type Batch } from '@hemline/core';
import type { ParquetReadOptions } from '@hemline/parquet';
import { openParquetFile, openStore, readManifest, type Manifest } from '@hemline/stores';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '@hemline/runs';

/** Articles that are shown, those that gain most first. */
const MOST_ARTICLES = 4;
/** Articles that are listed. */
const MOST_LISTED = 10;

/** A limit of the business, as pricing tells it. */
export interface ToldLimit {
  readonly limit: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly value: number | null;
  readonly isMet: boolean;
  readonly missedBy: number;
  readonly inWords: string;
}

/** What pricing leaves in `_summary.json`, as far as the page tells it. */
export interface PricingSummary {
  readonly forecasts: string;
  readonly models: Readonly<Record<string, string>>;
  readonly cutoff: string;
  readonly weeks: number;
  readonly articles: number;
  readonly compared: number;
  readonly changed: number;
  readonly comparedProfit: number;
  readonly heldProfit: number;
  readonly gain: number;
  readonly optimism: number;
  readonly gap: number;
  readonly minimumGain: number;
  readonly unitsSold: number;
  readonly unitsLeft: number;
  readonly unitsByDiscount: readonly { readonly discount: number; readonly units: number }[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly limits: readonly ToldLimit[];
  readonly assumptions: readonly string[];
  /** What exploring comes to, where some discounts are drawn by lot. */
  readonly exploration?: {
    readonly week: string;
    readonly articles: number;
    readonly series: number;
    readonly moved: number;
    readonly cost: number;
  };
  /** Prices that people have fixed; not told by earlier versions. */
  readonly overrides?: number;
}

/** A week of an article in a market. */
export interface PricedWeek {
  readonly week: number;
  readonly discount: number;
  readonly heldDiscount: number | null;
  readonly sales: number;
  readonly reason: string;
}

/** An article by what its prices earn. */
export interface GainingArticle {
  readonly article: string;
  readonly gain: number;
  readonly profit: number;
  readonly heldProfit: number;
  /** The market whose sales earn most more than if held, and its weeks; empty of those that are only listed. */
  readonly market: string | null;
  readonly weeks: readonly PricedWeek[];
}

/** What a run recommends. */
export interface Recommendations {
  readonly summary: PricingSummary;
  /** Folder or URL. */
  readonly place: string;
  readonly gaining: readonly GainingArticle[];
}

/**
 * Reads what a run has recommended: the sums, and of the articles those that gain most.
 * @param record of the run
 * @returns what there is; null where it recommends nothing, or that cannot be reached
 * @throws HemlineError when a table on this machine is damaged
 */
export async function readRecommendations({ outputs }: RunRecord): Promise<Recommendations | null> {
  const url = outputs.findLast(({ name }) => name === 'recommendations')?.url;
  if (url === undefined) return null;
  const place = url.startsWith('file:') ? fileURLToPath(url) : url;
  try {
    const bytes = await (await openStore(place)).read('_summary.json');
    if (bytes === null) return null;
    const summary = JSON.parse(new TextDecoder().decode(bytes)) as PricingSummary;
    return { summary, place, gaining: await gainingArticles(place) };
  } catch (error) {
    // What is on this machine has to be whole; whether S3 can be reached is not the run's to say.
    if (url.startsWith('file:') || !(error instanceof HemlineError)) throw error;
    return null;
  }
}

async function gainingArticles(place: string): Promise<GainingArticle[]> {
  const manifest = await readManifest(place);
  const best: Omit<GainingArticle, 'market' | 'weeks'>[] = [];
  const columns = ['article', 'gain', 'profit', 'held_profit'];
  for await (const batch of rowsOf(place, manifest, 'articles', { columns })) {
    const [gain, profit, held] = ['gain', 'profit', 'held_profit'].map((name) => numbers(batch, name));
    for (let row = 0; row < batch.length; row++)
      if (gain![row]! > 0)
        best.push({
          article: valueAt(batch.column('article'), row) as string,
          ...{ gain: gain![row]!, profit: profit![row]!, heldProfit: held![row]! },
        });
    best.sort((a, b) => b.gain - a.gain || (a.article < b.article ? -1 : 1)).splice(MOST_LISTED);
  }
  return Promise.all(
    best.map(async (each, at) =>
      at < MOST_ARTICLES
        ? { ...each, ...(await bestMarket(place, manifest, each.article)) }
        : { ...each, market: null, weeks: [] },
    ),
  );
}

/** Only the row groups that may hold the article are read. */
async function bestMarket(
  place: string,
  manifest: Manifest,
  article: string,
): Promise<Pick<GainingArticle, 'market' | 'weeks'>> {
  const markets = new Map<string, { gain: number; weeks: PricedWeek[] }>();
  const where = [{ column: 'article', from: article, to: article }];
  for await (const batch of rowsOf(place, manifest, 'recommendations', { where })) {
    const weeks = batch.weeks('week');
    const [discount, held, sales] = ['discount', 'held_discount', 'sales'].map((name) =>
      numbers(batch, name),
    );
    const [profit, heldProfit] = ['profit', 'held_profit'].map((name) => numbers(batch, name));
    for (let row = 0; row < batch.length; row++) {
      if (valueAt(batch.column('article'), row) !== article) continue;
      const market = valueAt(batch.column('market'), row) as string;
      const own = markets.get(market) ?? { gain: 0, weeks: [] };
      markets.set(market, own);
      own.gain += profit![row]! - heldProfit![row]!;
      own.weeks.push({
        ...{ week: weeks[row]!, discount: discount![row]!, sales: sales![row]! },
        heldDiscount: Number.isNaN(held![row]!) ? null : held![row]!,
        reason: valueAt(batch.column('reason'), row) as string,
      });
    }
  }
  const [best] = [...markets].sort(([a, one], [b, other]) => other.gain - one.gain || (a < b ? -1 : 1));
  return { market: best?.[0] ?? null, weeks: best?.[1].weeks ?? [] };
}

/** Rows of a table: one file, or one of each block of articles. */
async function* rowsOf(
  place: string,
  { files }: Manifest,
  table: 'articles' | 'recommendations',
  options: ParquetReadOptions,
): AsyncGenerator<Batch> {
  for (const { file, partition } of files)
    if (partition === table || new RegExp(`^${table}-\\d+$`).test(partition))
      yield* (await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`)).batches(options);
}

/** What is missing is NaN. */
function numbers(batch: Batch, name: string): Float64Array {
  const column = batch.column(name);
  return Float64Array.from(
    { length: batch.length },
    (_, row) => (valueAt(column, row) as number | null) ?? NaN,
  );
}
