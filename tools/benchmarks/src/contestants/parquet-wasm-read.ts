import { tableFromIPC } from 'apache-arrow';
import { openAsBlob } from 'node:fs';
import { createRequire } from 'node:module';
import type * as ParquetWasm from 'parquet-wasm';
import { printSample, timed } from './sample.ts';

// Its build for Node is CommonJS.
const { ParquetFile } = createRequire(import.meta.url)('parquet-wasm') as typeof ParquetWasm;
const [file, columns] = process.argv.slice(2) as [string, string];

const { seconds, result } = await timed(async () => {
  let rows = 0;
  let demand = 0;
  const parquet = await ParquetFile.fromFile((await openAsBlob(file)) as Blob);
  const groups = parquet.metadata().numRowGroups();
  for (let group = 0; group < groups; group++) {
    const read = await parquet.read({ columns: columns.split(','), rowGroups: [group] });
    const table = tableFromIPC(read.intoIPCStream());
    rows += table.numRows;
    demand += Number(table.getChild('demand')!.get(0));
  }
  return `${rows} ${demand}`;
});
printSample(seconds, result);
