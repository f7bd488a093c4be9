import type { NewVersion } from '../../src/registry/model-version.ts';

let count = 0;

/** A version to register, different from every other, with what a test wants of it. */
export function newVersion(wanted: Partial<NewVersion> = {}): NewVersion {
  count++;
  return {
    model: 'demand-naive',
    artifact: `s3://models/demand-naive/${count}/model.tar.gz`,
    dataset: 'observed',
    cutoff: '2026-01-05',
    run: `weekly-${count}`,
    metrics: { demandError: 0.5 },
    lineage: {
      data: '5f2c00',
      code: '0.1.0',
      image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/demand-naive:1',
    },
    status: 'pending',
    reason: 'demandError is 0.5, at most 0.4 is required',
    by: 'hemline run weekly-7',
    token: `token-${process.pid}-${count}`,
    ...wanted,
  };
}
