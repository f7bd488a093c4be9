import {
  ArtifactError,
  Batch,
  collect,
  float64Column,
  KeyIndex,
  memoryTable,
  stringColumn,
  validityWithout,
  type ArtifactReader,
  type ArtifactWriter,
  type StringColumn,
  type Table,
  type Week,
} from '@hemline/core';
import { ArticleAttributes } from '../shrinkage/article-attributes.ts';
import { fitDirichlet } from './dirichlet-fit.ts';
import { readSizeRuns } from './size-runs.ts';

/** What {@link sizeShares} reads. */
export interface SizeSharesOptions {
  /** The last known week; later ones are passed over. All are read by default. */
  readonly cutoff?: Week;
  readonly signal?: AbortSignal;
}

/**
 * How the demand of each article is spread over its sizes: what was sold while all its sizes were in stock, shrunk toward
 * what is typical of its group. What {@link sizeShares} gives.
 */
export class SizeShares {
  /** κ: so many units sold of an article's own count as much as its group. */
  readonly strength: number;
  /** Article, size and units sold while all were in stock; group, size and share; article and group. */
  readonly #tables: Readonly<Record<'units' | 'groups' | 'articles', Batch>>;
  readonly #attributes: ArticleAttributes;
  readonly #pairs = new KeyIndex(['article', 'size']);
  readonly #cells = new KeyIndex(['size', 'group']);
  readonly #groups = new KeyIndex(['group']);
  readonly #units: Float64Array;
  readonly #shares: Float64Array;
  /** Number of sizes of each group. */
  readonly #sizes: Int32Array;

  private constructor(
    strength: number,
    tables: Readonly<Record<'units' | 'groups' | 'articles', Batch>>,
    attributes: ArticleAttributes,
  ) {
    this.strength = strength;
    this.#tables = tables;
    this.#attributes = attributes;
    this.#pairs.add(tables.units);
    this.#cells.add(tables.groups);
    const groups = this.#groups.add(tables.groups);
    this.#units = tables.units.floats('units');
    this.#shares = tables.groups.floats('share');
    this.#sizes = new Int32Array(this.#groups.size);
    for (const group of groups) this.#sizes[group]!++;
  }

  /**
   * Puts shares together; for {@link sizeShares} and loading.
   * @param strength κ
   * @param units of each article and size
   * @param groups share of each group and size
   * @param articles group of each article
   * @returns the shares
   */
  static async of(strength: number, units: Batch, groups: Batch, articles: Batch): Promise<SizeShares> {
    const attributes = await ArticleAttributes.read(memoryTable('articles', [articles]), ['group']);
    return new SizeShares(strength, { units, groups, articles }, attributes);
  }

  /**
   * The weight of each size of an article: its share of the article's demand is its weight over the sum of the weights of
   * the sizes on offer. It is units sold plus κ times the group's share: the posterior mean of a Dirichlet distribution. An
   * article without units of its own takes its group's shares. A size that its group does not know counts as the group's
   * average one; in a group that is not known, all sizes count alike.
   * @param keys rows with article and size
   * @returns one positive number a row
   */
  weights(keys: Batch): Float64Array {
    const joined = this.#attributes.join(keys);
    const pairs = this.#pairs.find(keys);
    const cells = this.#cells.find(joined);
    const groups = this.#groups.find(joined);
    const weights = new Float64Array(keys.length);
    for (let row = 0; row < weights.length; row++) {
      const group = groups[row]!;
      const average = group === -1 ? 1 : 1 / this.#sizes[group]!;
      const typical = cells[row] === -1 ? average : this.#shares[cells[row]!]!;
      weights[row] = (pairs[row] === -1 ? 0 : this.#units[pairs[row]!]!) + this.strength * typical;
    }
    return weights;
  }

  /**
   * Adds the group of each row's article as the column `group`, missing where it is not known.
   * @param keys rows with article
   * @returns the wider batch
   */
  withGroups(keys: Batch): Batch {
    return this.#attributes.join(keys);
  }

  /**
   * Saves three tables and one JSON entry.
   * @param artifact where to
   * @param name of the entries: letters, digits and hyphens
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    for (const [part, table] of Object.entries(this.#tables))
      await artifact.writeTable(`${name}-${part}`, table);
    await artifact.writeJson(name, { strength: this.strength });
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @returns the shares
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string): Promise<SizeShares> {
    const saved = (await artifact.readJson(name)) as { readonly strength?: unknown } | null;
    if (typeof saved?.strength !== 'number' || !(saved.strength > 0))
      throw new ArtifactError('saved size shares are damaged', {
        expected: 'a positive strength',
        found: JSON.stringify(saved),
        where: { file: name },
        remedy: 'Train the model again with this version.',
      });
    return SizeShares.of(
      saved.strength,
      await artifact.readTable(`${name}-units`),
      await artifact.readTable(`${name}-groups`),
      await artifact.readTable(`${name}-articles`),
    );
  }
}

/**
 * Learns how the demand of each article is spread over its sizes, pooled over markets: how an article is cut decides which
 * sizes of it are asked for, and one market alone has few units. Counts are of weeks in which every size on offer was
 * available, so that no sold-out size lowers its own share. Memory: some hundred bytes per article and size.
 * @param sizes the table; the rows of a series' week stand together, and the weeks of a series rise
 * @param articles their groups, where there is such a table; without, all articles are one group
 * @param options cutoff and signal
 * @returns the shares
 * @throws DataError for sizes out of order or without values
 * @throws InterruptedError when the signal is raised
 */
export async function sizeShares(
  sizes: Table,
  articles: Table | undefined,
  options: SizeSharesOptions = {},
): Promise<SizeShares> {
  const pairs = new KeyIndex(['article', 'size']);
  let units = new Float64Array(1024);
  const index = new KeyIndex(['article', 'market']);
  const weigh = (keys: Batch): Int32Array => pairs.add(keys);
  for await (const runs of readSizeRuns(sizes, { ...options, index, weigh })) {
    if (pairs.size > units.length) units = grown(units, 2 * pairs.size);
    for (let run = 0; run < runs.length; run++) {
      const [start, end] = [runs.offsets[run]!, runs.offsets[run + 1]!];
      if (runs.available.subarray(start, end).includes(0)) continue;
      for (let row = start; row < end; row++) units[runs.weight[row]!]! += runs.sales[row]!;
    }
  }
  const [article, size] = pairs.toColumns();
  const keys = new Batch({ article: article!, size: size! }, pairs.size);
  const known = await groupsOf(articles, keys, options.signal);
  return fit(keys, units.slice(0, pairs.size), known);
}

async function fit(keys: Batch, units: Float64Array, articles: Batch): Promise<SizeShares> {
  const attributes = await ArticleAttributes.read(memoryTable('articles', [articles]), ['group']);
  const joined = attributes.join(keys);
  const cells = new KeyIndex(['size', 'group']);
  const cell = cells.add(joined);
  const [size, group] = cells.toColumns();
  const groupKeys = new Batch({ size: size!, group: group! }, cells.size);
  const groups = new KeyIndex(['group']);
  const groupOfCell = groups.add(groupKeys);

  const rows = rowsByArticle(keys);
  const counts = {
    ends: rows.ends,
    cell: rows.order.map((row) => cell[row]!),
    units: Float64Array.from(rows.order, (row) => units[row]!),
  };
  const { share, strength } = fitDirichlet(counts, cells.size, groupOfCell, groups.size);
  return SizeShares.of(
    strength,
    keys.with({ units: float64Column(units) }),
    groupKeys.with({ share: float64Column(share) }),
    articles,
  );
}

/** The rows in an order in which those of an article stand together. */
function rowsByArticle(keys: Batch): { order: Int32Array; ends: Int32Array } {
  const index = new KeyIndex(['article']);
  const article = index.add(keys);
  const ends = new Int32Array(index.size);
  for (const one of article) ends[one]!++;
  for (let one = 1; one < ends.length; one++) ends[one]! += ends[one - 1]!;
  const next = Int32Array.from(ends, (_, one) => (one === 0 ? 0 : ends[one - 1]!));
  const order = new Int32Array(article.length);
  article.forEach((one, row) => (order[next[one]!++] = row));
  return { order, ends };
}

/** Article and group of all articles; of those with sizes, without group, where nothing tells groups. */
async function groupsOf(articles: Table | undefined, keys: Batch, signal?: AbortSignal): Promise<Batch> {
  if (articles?.schema.fields.some(({ name }) => name === 'group') === true)
    return collect(articles, { columns: ['article', 'group'], signal });
  const index = new KeyIndex(['article']);
  index.add(keys);
  return new Batch({ article: index.toColumns()[0]!, group: noGroup(index.size) }, index.size);
}

function noGroup(length: number): StringColumn {
  const nobody = validityWithout(
    length,
    Array.from({ length }, (_, row) => row),
  );
  return stringColumn(new Int32Array(length), [], nobody);
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
