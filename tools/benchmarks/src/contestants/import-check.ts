import { DuckDBInstance } from '@duckdb/node-api';

/**
 * What a dataset of receipts holds, the same for all contestants.
 * @param folder of the dataset
 * @returns rows and sums of its tables
 */
export async function importCheck(folder: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `SELECT (SELECT count(*) FROM weekly), (SELECT sum(demand) FROM weekly), (SELECT round(sum(demand * sales_price), 0) FROM weekly),
         (SELECT round(sum(discount), 1) FROM weekly), (SELECT count(*) FROM back), (SELECT sum(units) FROM back)
       FROM (SELECT 1)`
        .replaceAll('weekly', `read_parquet('${folder}/weekly/**/*.parquet')`)
        .replaceAll('back', `read_parquet('${folder}/returns.parquet')`),
    );
    return result.getRows()[0]!.join(' ');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
