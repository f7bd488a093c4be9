import { DuckDBInstance } from '@duckdb/node-api';
import { openParquet } from '@hemline/parquet';
import { printSample, timed } from './sample.ts';

const [file, columns] = process.argv.slice(2) as [string, string];
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
// Its chunks do not end where row groups do: what is summed up is looked up by row.
const starts: number[] = [];
let at = 0;
for (const { rows } of (await openParquet(file)).rowGroups) {
  starts.push(at);
  at += rows;
}
const position = columns.split(',').indexOf('demand');

const { seconds, result } = await timed(async () => {
  let rows = 0;
  let demand = 0;
  let group = 0;
  const stream = await connection.stream(`SELECT ${columns} FROM read_parquet('${file}')`);
  for (
    let chunk = await stream.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await stream.fetchChunk()
  ) {
    const vector = chunk.getColumnVector(position);
    for (; group < starts.length && starts[group]! < rows + chunk.rowCount; group++)
      demand += vector.getItem(starts[group]! - rows) as number;
    rows += chunk.rowCount;
  }
  return `${rows} ${demand}`;
});
printSample(seconds, result);
connection.closeSync();
