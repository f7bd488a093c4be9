import { rm, stat } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { printSample, timed } from './sample.ts';

const [file] = process.argv.slice(2) as [string];
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
await connection.run(`CREATE TABLE forecast AS SELECT * FROM read_parquet('${file}')`);
const target = `${file}.${process.pid}.tmp`;
try {
  const { seconds } = await timed(() =>
    connection.run(`COPY forecast TO '${target}' (FORMAT parquet, COMPRESSION zstd)`),
  );
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet('${target}')`);
  printSample(seconds, String(counted.getRows()[0]![0]), { bytes: (await stat(target)).size });
} finally {
  await rm(target, { force: true });
}
connection.closeSync();
