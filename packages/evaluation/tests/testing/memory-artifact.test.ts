import { ArtifactError, Batch, float64Column, stringsToColumn } from '@hemline/core';
import { expect, test } from 'vitest';
import { MemoryArtifact } from '../../src/testing/memory-artifact.ts';

test('entries come back as they were, whatever happens to the originals', async () => {
  const artifact = new MemoryArtifact();
  const numbers = Float64Array.of(1, NaN, -0);
  const bytes = Uint8Array.of(1, 2);
  const json = { list: [1, 2] };
  await artifact.writeTable(
    'table',
    new Batch({ a: float64Column(numbers), b: stringsToColumn(['x', null, 'y']) }),
  );
  await artifact.writeBytes('bytes', bytes);
  await artifact.writeJson('json', json);
  numbers[0] = 9;
  bytes[0] = 9;
  json.list.push(3);
  const table = await artifact.readTable('table');
  expect(table.floats('a')).toEqual(Float64Array.of(1, NaN, -0));
  expect(table.strings('b').dictionary).toEqual(['x', 'y']);
  expect(await artifact.readBytes('bytes')).toEqual(Uint8Array.of(1, 2));
  expect(await artifact.readJson('json')).toEqual({ list: [1, 2] });
  expect(artifact.names).toEqual(['bytes', 'json', 'table']);
});

test('what a real artifact could not hold is refused', async () => {
  const artifact = new MemoryArtifact();
  await expect(artifact.readJson('nothing')).rejects.toThrow(ArtifactError);
  await expect(artifact.writeJson('a', { b: [NaN] })).rejects.toThrow('JSON cannot hold this number');
  await expect(artifact.writeJson('folder/a', 1)).rejects.toThrow('not plain');
  await artifact.writeJson('twice', 1);
  await expect(artifact.writeBytes('twice', new Uint8Array(1))).rejects.toThrow('written twice');
});
