import { TABLES, type PanelData, type Tables } from '@hemline/core';

/**
 * What a model is given, as features are chosen by it. Models see one partition at a time and are not told what partitions are
 * made by.
 * @param tables that a model is given
 * @returns columns, which of them are known ahead, attributes of articles and markets
 * @throws SchemaError without a table weekly
 */
export function panelDataOf(tables: Tables): PanelData {
  const weekly = tables.get('weekly').schema;
  const attributesOf = (name: 'articles' | 'markets'): string[] =>
    (tables.find(name)?.schema.fields ?? [])
      .map((field) => field.name)
      .filter((field) => !TABLES[name].key.includes(field));
  return {
    weekly,
    knownAhead: weekly.fields
      .filter((field) => field.knownAhead === true || TABLES.weekly.knownAhead.includes(field.name))
      .map(({ name }) => name),
    attributes: ['article', 'market', ...attributesOf('articles'), ...attributesOf('markets')],
    partitionedBy: null,
  };
}
