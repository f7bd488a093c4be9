import {
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  ArticleAttributes,
  HierarchicalAverages,
  ShrunkAverages,
  type FoundAverages,
} from '@hemline/features';

const COLUMNS = ['article', 'market', 'shippedUnits', 'shippingCost', 'returnedUnits', 'returnCost'] as const;

/** What shipping and returning one unit cost, by article, group and market. */
export class UnitCosts {
  readonly shipping: ShrunkAverages;
  readonly returning: ShrunkAverages;

  /**
   * @param shipping cost of shipping one unit
   * @param returning cost of returning one unit
   */
  constructor(shipping: ShrunkAverages, returning: ShrunkAverages) {
    this.shipping = shipping;
    this.returning = returning;
  }

  /**
   * Reads the table fulfillment once. A week's cost / units is one observation, weighted by its units; costs of weeks
   * without units belong to no unit and are passed over.
   * @param job signal and progress
   * @param tables `fulfillment`, and `articles` where there is one
   * @returns the costs
   * @throws SchemaError when a table or column is missing
   * @throws DataError when nothing was shipped, or nothing returned
   * @throws InterruptedError when the job must stop
   */
  static async estimate(job: TrainingJob, tables: Tables): Promise<UnitCosts> {
    throwIfAborted(job.signal);
    const attributes = await ArticleAttributes.read(tables.find('articles'), ['group'], job.signal);
    const shipping = new HierarchicalAverages(ARTICLE_HIERARCHY, 'shipping cost');
    const returning = new HierarchicalAverages(ARTICLE_HIERARCHY, 'return cost');
    let done = 0;
    for await (const batch of tables.get('fulfillment').batches({ columns: COLUMNS, signal: job.signal })) {
      throwIfAborted(job.signal);
      const keys = attributes.join(batch.select(['article', 'market']));
      const shipped = batch.floats('shippedUnits');
      const returned = batch.floats('returnedUnits');
      shipping.add(keys, perUnit(batch.floats('shippingCost'), shipped), shipped);
      returning.add(keys, perUnit(batch.floats('returnCost'), returned), returned);
      done += batch.length;
      job.onProgress?.({ phase: 'reading fulfillment', done, total: null, unit: 'rows' });
    }
    return new UnitCosts(shipping.fit(), returning.fit());
  }

  /**
   * @param items with `article`, `group` and `market`
   * @returns both costs of each item
   */
  lookup(items: Batch): { readonly shipping: FoundAverages; readonly returning: FoundAverages } {
    return { shipping: this.shipping.lookup(items), returning: this.returning.lookup(items) };
  }

  /** @param artifact where to save both */
  async save(artifact: ArtifactWriter): Promise<void> {
    await this.shipping.save(artifact, 'shipping-cost');
    await this.returning.save(artifact, 'return-cost');
  }

  /**
   * @param artifact where from
   * @returns the costs
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader): Promise<UnitCosts> {
    return new UnitCosts(
      await ShrunkAverages.load(artifact, 'shipping-cost', ARTICLE_HIERARCHY),
      await ShrunkAverages.load(artifact, 'return-cost', ARTICLE_HIERARCHY),
    );
  }
}

function perUnit(cost: Float64Array, units: Float64Array): Float64Array {
  return cost.map((amount, row) => amount / units[row]!);
}
