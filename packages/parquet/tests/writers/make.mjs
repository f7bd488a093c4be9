// The file of parquet-wasm, from the table that make.py left: node make.mjs.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { Table, writeParquet } = createRequire(import.meta.url)('parquet-wasm/node');
const at = (name) => new URL(name, import.meta.url);
writeFileSync(at('parquet-wasm.parquet'), writeParquet(Table.fromIPCStream(readFileSync(at('table.arrow')))));
rmSync(at('table.arrow'));
