import { SchemaError } from '../errors/causes.ts';
import type { ErrorPlace } from '../errors/hemline-error.ts';
import { isValid } from '../columns/column.ts';
import type { Batch } from './batch.ts';
import type { Schema } from './schema.ts';

/**
 * Checks that a batch has the columns of a schema, with their types, and no missing value where none is allowed. Further
 * columns are allowed.
 * @param batch what was given
 * @param schema what is required
 * @param where for the message
 * @throws SchemaError for the first that does not fit
 */
export function checkBatch(batch: Batch, schema: Schema, where: ErrorPlace = {}): void {
  for (const field of schema.fields) {
    const place = { ...where, column: field.name };
    if (!batch.has(field.name)) {
      if (field.nullable) continue;
      throw new SchemaError('a column is missing', {
        expected: `${field.name} (${field.type})`,
        found: `columns ${batch.names.join(', ')}`,
        where: place,
      });
    }
    const column = batch.column(field.name);
    if (column.type !== field.type)
      throw new SchemaError('a column has the wrong type', {
        expected: field.type,
        found: column.type,
        where: place,
      });
    if (field.nullable || column.validity === null) continue;
    for (let row = 0; row < column.length; row++) {
      if (!isValid(column, row))
        throw new SchemaError('a required value is missing', {
          expected: field.type,
          found: 'null',
          where: { ...place, row },
        });
    }
  }
}
