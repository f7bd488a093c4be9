import { TABLES, type Schema } from '@hemline/core';

/**
 * The columns of the weekly table that are known before the week comes: its key, the roles planned ahead (`discount`,
 * `blackPrice`) and the covariates that the schema marks as known ahead. Nothing else may be read of a row after the
 * cutoff.
 * @param schema of the weekly table
 * @returns their names, in the schema's order
 */
export function knownAheadColumns(schema: Schema): string[] {
  const { key, knownAhead, roles } = TABLES.weekly;
  return schema.fields
    .filter(({ name, knownAhead: planned }) => {
      if (key.includes(name) || knownAhead.includes(name)) return true;
      return planned === true && !roles.some((role) => role.name === name);
    })
    .map(({ name }) => name);
}
