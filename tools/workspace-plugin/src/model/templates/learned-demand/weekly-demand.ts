import { isValid, validityWithout, type BoolColumn, type Column, type Table } from '@hemline/core';

/**
 * The weekly table with demand missing in weeks that are known to be censored (`uncensored` false): their sales are a lower bound of
 * demand, and learning from them would teach that what sells out does not sell.
 * @param weekly as the dataset has it
 * @returns a table that reads through
 */
export function wholeWeeks(weekly: Table): Table {
  if (!weekly.schema.fields.some(({ name }) => name === 'uncensored')) return weekly;
  return {
    ...weekly,
    async *batches(options = {}) {
      const { columns } = options;
      if (columns?.includes('demand') !== true) {
        yield* weekly.batches(options);
        return;
      }
      const read = [...new Set([...columns, 'uncensored'])];
      for await (const batch of weekly.batches({ ...options, columns: read })) {
        const uncensored = batch.column('uncensored') as BoolColumn;
        const demand = batch.column('demand');
        const missing: number[] = [];
        for (let row = 0; row < batch.length; row++)
          if ((isValid(uncensored, row) && uncensored.values[row] === 0) || !isValid(demand, row))
            missing.push(row);
        const known = { ...demand, validity: validityWithout(batch.length, missing) } as Column;
        yield batch.with({ demand: known }).select(columns);
      }
    },
  };
}
