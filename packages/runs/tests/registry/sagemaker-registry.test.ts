import {
  CreateModelPackageGroupCommand,
  CreateModelPackageCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SageMakerRegistry } from '../../src/registry/sagemaker/sagemaker-registry.ts';
import { startMoto } from '@hemline/stores/testing';
import { newVersion } from './new-version.ts';
import { registrySuite } from './registry-suite.ts';

const moto = await startMoto();
const note = moto.missing === null ? '' : `, skipped, moto cannot be had: ${moto.missing}`;

describe.skipIf(moto.missing !== null)(`SageMaker Model Registry of moto${note}`, () => {
  let client: SageMakerClient;
  let count = 0;
  const fresh = (): SageMakerRegistry => new SageMakerRegistry({ client, prefix: `stage-${count++}-` });

  beforeAll(() => {
    if (moto.missing !== null) return;
    client = new SageMakerClient({
      endpoint: moto.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    // Pages of five, so that there are several.
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          next(
            commandName?.startsWith('ListModelPackage') === true
              ? { ...args, input: { ...args.input, MaxResults: 5 } }
              : args,
          ),
      { step: 'initialize', priority: 'high' },
    );
  });
  afterAll(() => {
    if (moto.missing !== null) return;
    client.destroy();
    moto.close();
  });

  registrySuite('sagemaker:', () => Promise.resolve(fresh()));

  it('keeps what SageMaker itself can show', async () => {
    const registry = fresh();
    const version = newVersion({ token: 'a token that is longer than SageMaker takes, by far' });
    await registry.register(version);
    const described = await client.send(
      new DescribeModelPackageCommand({
        ModelPackageName: `arn:aws:sagemaker:eu-central-1:123456789012:model-package/${registry.url.slice(12)}demand-naive/1`,
      }),
    );
    expect(described).toMatchObject({
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [{ Image: version.lineage['image'], ModelDataUrl: version.artifact }],
      },
      CustomerMetadataProperties: {
        artifact: version.artifact,
        dataset: 'observed',
        cutoff: '2026-01-05',
        run: version.run,
        'metric.demandError': '0.5',
        'lineage.code': '0.1.0',
      },
    });
  });

  it('counts an approval that was given in the console', async () => {
    const registry = fresh();
    await registry.register(newVersion());
    const arn = `arn:aws:sagemaker:eu-central-1:123456789012:model-package/${registry.url.slice(12)}demand-naive/1`;
    const { CustomerMetadataProperties: properties } = await client.send(
      new DescribeModelPackageCommand({ ModelPackageName: arn }),
    );
    await client.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'seen in Studio',
        // SageMaker keeps them; moto forgets what an update does not repeat.
        CustomerMetadataProperties: properties,
      }),
    );
    const version = await registry.latestApproved('demand-naive');
    expect(version?.history.at(-1)).toMatchObject({
      status: 'approved',
      by: 'fake-user-profile-name',
      reason: 'seen in Studio',
    });
    const change = { status: 'rejected', reason: 'no', by: 'Zoe' } as const;
    const { history } = await registry.setStatus('demand-naive', 1, change);
    expect(history.map(({ status, by }) => [status, by])).toEqual([
      ['pending', 'hemline run weekly-7'],
      ['approved', 'fake-user-profile-name'],
      ['rejected', 'Zoe'],
    ]);
  });

  it('names a model package that is none of its own', async () => {
    const registry = fresh();
    const group = `${registry.url.slice(12)}demand-naive`;
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: group }));
    await client.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: group,
        ModelApprovalStatus: 'Approved',
        CustomerMetadataProperties: { team: 'other' },
      }),
    );
    await expect(registry.latestApproved('demand-naive')).rejects.toThrow(
      /metadata properties artifact, dataset, cutoff, run and history, found team/,
    );
  });

  it('always has room for one more decision', async () => {
    const registry = fresh();
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`metric${i}`, i]));
    await registry.register(newVersion({ metrics }));
    for (let i = 0; i < 15; i++)
      await registry.setStatus('demand-naive', 1, {
        status: i % 2 === 0 ? 'approved' : 'pending',
        reason: String(i),
        by: 'Zoe',
      });
    const { history, metrics: kept } = await registry.get('demand-naive', 1);
    expect(kept).toEqual(metrics);
    expect(history.map(({ reason }) => reason).slice(-3)).toEqual(['12', '13', '14']);
    expect(history[0]!.reason).toContain('demandError');
    expect(history).toHaveLength(50 - 4 - 30 - 3);
  });

  it('refuses what SageMaker cannot keep before it asks', async () => {
    const registry = fresh();
    const metrics = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`metric${i}`, i]));
    await expect(registry.register(newVersion({ metrics }))).rejects.toThrow(/at most 41 metrics.*found 63/);
    await expect(registry.register(newVersion({ artifact: 'file:///model', lineage: {} }))).rejects.toThrow(
      /artifact file:\/\/\/model: expected an s3: URI; no image/,
    );
    await expect(
      registry.register(newVersion({ lineage: { image: 'i', commit: 'x'.repeat(257) } })),
    ).rejects.toThrow(/a value of 1 to 256 characters, found lineage.commit/);
    await expect(registry.register(newVersion({ model: 'm'.repeat(60) }))).rejects.toThrow(
      /model package group.*shorter prefix/,
    );
    expect(await registry.list()).toEqual([]);
  });

  it('takes a folder in S3, and the image of the model', async () => {
    const registry = new SageMakerRegistry({
      client,
      prefix: `stage-${count++}-`,
      image: (model) => `hemline/${model}`,
    });
    await registry.register(newVersion({ artifact: 's3://models/run-7/model', lineage: {} }));
    const described = await client.send(
      new DescribeModelPackageCommand({
        ModelPackageName: `arn:aws:sagemaker:eu-central-1:123456789012:model-package/${registry.url.slice(12)}demand-naive/1`,
      }),
    );
    expect(described.InferenceSpecification?.Containers).toEqual([
      {
        Image: 'hemline/demand-naive',
        ModelDataSource: {
          S3DataSource: {
            S3Uri: 's3://models/run-7/model/',
            S3DataType: 'S3Prefix',
            CompressionType: 'None',
          },
        },
      },
    ]);
  });
});
