import { createHash, randomBytes } from 'node:crypto';
import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  UpdateModelPackageCommand,
  paginateListModelPackageGroups,
  paginateListModelPackages,
  type DescribeModelPackageCommandOutput,
  type ModelApprovalStatus,
  type ModelPackageContainerDefinition,
  type ModelPackageSummary,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { ConfigurationError } from '@hemline/core';
import { awsFailure, isNotThere } from '@hemline/sagemaker/aws';
import {
  checkModelName,
  checkNewVersion,
  checkStatusChange,
  noSuchVersion,
  type ModelRegistry,
  type StatusChange,
} from '../model-registry.ts';
import type { ApprovalDecision, ApprovalStatus, ModelVersion, NewVersion } from '../model-version.ts';
import {
  decisionProperty,
  decisionsToDrop,
  packageProperties,
  readProperties,
} from './package-properties.ts';

/** How the registry is set up. */
export interface SageMakerRegistryOptions {
  readonly client: SageMakerClient;
  /** Begins the name of every model package group: `hemline-` by default; stages of one account need one each. */
  readonly prefix?: string;
  /** Image of a model whose version's lineage does not name one as `image`. */
  readonly image?: (model: string) => string | undefined;
}

const STATUS_OF: Readonly<Record<ApprovalStatus, ModelApprovalStatus>> = {
  approved: 'Approved',
  pending: 'PendingManualApproval',
  rejected: 'Rejected',
};
const GROUP_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const LONGEST_DESCRIPTION = 1024;

/**
 * SageMaker Model Registry: a model package group for each model, a model package for each version, the facts and the
 * history in its metadata. Approvals in SageMaker Studio or the console count, and are told as such.
 */
export class SageMakerRegistry implements ModelRegistry {
  readonly url: string;
  readonly #client: SageMakerClient;
  readonly #prefix: string;
  readonly #image: (model: string) => string | undefined;

  /** @param options client, prefix, image */
  constructor({ client, prefix = 'hemline-', image = () => undefined }: SageMakerRegistryOptions) {
    this.#client = client;
    this.#prefix = prefix;
    this.#image = image;
    this.url = `sagemaker://${prefix}`;
  }

  async register(version: NewVersion): Promise<ModelVersion> {
    checkNewVersion(version);
    const container = this.#container(version);
    const decision = {
      at: new Date().toISOString(),
      status: version.status,
      by: version.by,
      reason: version.reason,
    };
    const properties = packageProperties(version, decisionProperty(decision, unique()));
    const token = createHash('sha256').update(version.token).digest('hex').slice(0, 32);
    const group = await this.#ensureGroup(version.model);
    // SageMaker forgets a client token after a while; the description does not.
    const known = (await this.#summaries(version.model)).find(({ ModelPackageDescription: text }) =>
      text?.includes(token),
    );
    if (known !== undefined) return this.#version(version.model, known.ModelPackageArn!);
    const { ModelPackageArn: arn } = await this.#ask('CreateModelPackage', group, () =>
      this.#client.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: group,
          ModelPackageDescription: `Registered by hemline, token ${token}`,
          InferenceSpecification: {
            Containers: [container],
            SupportedContentTypes: ['application/vnd.apache.parquet'],
            SupportedResponseMIMETypes: ['application/vnd.apache.parquet'],
          },
          ModelApprovalStatus: STATUS_OF[version.status],
          CustomerMetadataProperties: properties,
          ClientToken: token,
        }),
      ),
    );
    return this.#version(version.model, arn!);
  }

  async list(model?: string): Promise<readonly ModelVersion[]> {
    const models = model === undefined ? await this.#models() : [model];
    const versions: ModelVersion[] = [];
    for (const name of models) {
      const summaries = await this.#summaries(name);
      for (const each of summaries.toReversed())
        versions.push(await this.#version(name, each.ModelPackageArn!));
    }
    return versions;
  }

  async get(model: string, version: number): Promise<ModelVersion> {
    const { found, last } = await this.#find(model, version);
    if (found === undefined) throw noSuchVersion(model, version, last, this.url);
    return this.#version(model, found.ModelPackageArn!);
  }

  async latestApproved(model: string, dataset?: string, before = Infinity): Promise<ModelVersion | null> {
    for (const summary of await this.#summaries(model, 'Approved')) {
      if (summary.ModelPackageVersion! >= before) continue;
      const version = await this.#version(model, summary.ModelPackageArn!);
      // It may have been rejected since it was listed.
      if (version.status === 'approved' && (dataset === undefined || version.dataset === dataset))
        return version;
    }
    return null;
  }

  async setStatus(model: string, version: number, change: StatusChange): Promise<ModelVersion> {
    checkStatusChange(change);
    const { found, last } = await this.#find(model, version);
    if (found === undefined) throw noSuchVersion(model, version, last, this.url);
    const arn = found.ModelPackageArn!;
    const described = await this.#describe(arn);
    const properties = { ...described.CustomerMetadataProperties };
    const elsewhere = decisionElsewhere(described, readProperties(properties, arn).history);
    if (elsewhere !== null) Object.assign(properties, decisionProperty(elsewhere, unique()));
    const dropped = decisionsToDrop(properties);
    const kept = Object.fromEntries(Object.entries(properties).filter(([name]) => !dropped.includes(name)));
    const { status, by, reason } = change;
    const decision = { at: new Date().toISOString(), status, by, reason };
    await this.#ask('UpdateModelPackage', arn, () =>
      this.#client.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: arn,
          ModelApprovalStatus: STATUS_OF[change.status],
          ApprovalDescription: change.reason.replace(/[\p{C}]+/gu, ' ').slice(0, LONGEST_DESCRIPTION),
          // All of them: right whether properties are merged or replaced.
          CustomerMetadataProperties: { ...kept, ...decisionProperty(decision, unique()) },
          ...(dropped.length === 0 ? {} : { CustomerMetadataPropertiesToRemove: dropped }),
        }),
      ),
    );
    return this.#version(model, arn);
  }

  async #version(model: string, arn: string): Promise<ModelVersion> {
    const described = await this.#describe(arn);
    const facts = readProperties(described.CustomerMetadataProperties ?? {}, arn);
    const history = [...facts.history];
    const last = history.at(-1)!;
    const elsewhere = decisionElsewhere(described, history);
    const text = described.ApprovalDescription ?? '';
    if (elsewhere !== null) history.push(elsewhere);
    // Of the last decision SageMaker has the whole reason.
    else if (last.reason.endsWith('…') && text.startsWith(last.reason.slice(0, -1)))
      history[history.length - 1] = { ...last, reason: text };
    return {
      model,
      version: described.ModelPackageVersion!,
      status: statusOf(described),
      artifact: facts.artifact,
      dataset: facts.dataset,
      cutoff: facts.cutoff,
      run: facts.run,
      createdAt: (described.CreationTime ?? new Date(facts.history[0]!.at)).toISOString(),
      metrics: facts.metrics,
      lineage: facts.lineage,
      history,
    };
  }

  #describe(arn: string): Promise<DescribeModelPackageCommandOutput> {
    return this.#ask('DescribeModelPackage', arn, () =>
      this.#client.send(new DescribeModelPackageCommand({ ModelPackageName: arn })),
    );
  }

  async #find(
    model: string,
    version: number,
  ): Promise<{ found: ModelPackageSummary | undefined; last: number }> {
    const summaries = await this.#summaries(model);
    const found = summaries.find((each) => each.ModelPackageVersion === version);
    return { found, last: summaries[0]?.ModelPackageVersion ?? 0 };
  }

  /** Newest first by number: creation times, by which SageMaker sorts, may be equal. Without packages that failed. */
  async #summaries(model: string, status?: ModelApprovalStatus): Promise<ModelPackageSummary[]> {
    const group = this.#group(model);
    const summaries: ModelPackageSummary[] = [];
    try {
      const pages = paginateListModelPackages(
        { client: this.#client, pageSize: 100 },
        {
          ModelPackageGroupName: group,
          ModelApprovalStatus: status,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
        },
      );
      for await (const { ModelPackageSummaryList: page } of pages) summaries.push(...(page ?? []));
    } catch (error) {
      if (isNotThere(error)) return [];
      throw awsFailure(error, 'sagemaker:ListModelPackages', group);
    }
    return summaries
      .filter((each) => each.ModelPackageVersion !== undefined && each.ModelPackageStatus === 'Completed')
      .sort((a, b) => b.ModelPackageVersion! - a.ModelPackageVersion!);
  }

  async #models(): Promise<string[]> {
    const models: string[] = [];
    const filter = { NameContains: this.#prefix === '' ? undefined : this.#prefix };
    await this.#ask('ListModelPackageGroups', this.url, async () => {
      const pages = paginateListModelPackageGroups({ client: this.#client, pageSize: 100 }, filter);
      for await (const { ModelPackageGroupSummaryList: page } of pages)
        for (const { ModelPackageGroupName: name } of page ?? [])
          if (name!.startsWith(this.#prefix)) models.push(name!.slice(this.#prefix.length));
    });
    return models.sort();
  }

  async #ensureGroup(model: string): Promise<string> {
    const group = this.#group(model);
    try {
      await this.#client.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: group }));
    } catch (error) {
      if (!isNotThere(error)) throw awsFailure(error, 'sagemaker:DescribeModelPackageGroup', group);
      await this.#createGroup(group, model);
    }
    return group;
  }

  async #createGroup(group: string, model: string): Promise<void> {
    try {
      const description = `Versions of ${model}, registered by hemline`;
      await this.#client.send(
        new CreateModelPackageGroupCommand({
          ModelPackageGroupName: group,
          ModelPackageGroupDescription: description,
        }),
      );
    } catch (error) {
      // Another run was faster.
      if (!/already exists/i.test((error as Error).message))
        throw awsFailure(error, 'sagemaker:CreateModelPackageGroup', group);
    }
  }

  #container({ model, artifact, lineage }: NewVersion): ModelPackageContainerDefinition {
    const image = lineage['image'] ?? this.#image(model);
    const problems = [
      ...(artifact.startsWith('s3://') ? [] : [`artifact ${artifact}: expected an s3: URI`]),
      ...(image === undefined ? ['no image: expected its URI as "image" of the lineage'] : []),
    ];
    if (problems.length > 0)
      throw new ConfigurationError(`SageMaker cannot take this version of ${model}`, {
        found: problems.join('; '),
        remedy: 'Copy the model folder to S3 first, and name the image that made it.',
      });
    const isArchive = artifact.endsWith('.tar.gz');
    return {
      Image: image,
      ...(isArchive
        ? { ModelDataUrl: artifact }
        : {
            ModelDataSource: {
              S3DataSource: {
                S3Uri: artifact.endsWith('/') ? artifact : `${artifact}/`,
                S3DataType: 'S3Prefix',
                CompressionType: 'None',
              },
            },
          }),
    };
  }

  #group(model: string): string {
    checkModelName(model);
    const name = `${this.#prefix}${model}`;
    if (GROUP_NAME.test(name)) return name;
    throw new ConfigurationError('SageMaker takes no model package group of this name', {
      expected: 'letters, digits and hyphens within, at most 63',
      found: name,
      remedy: 'Choose a shorter prefix of the registry.',
    });
  }

  async #ask<T>(action: string, subject: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw awsFailure(error, `sagemaker:${action}`, subject);
    }
  }
}

function statusOf({ ModelApprovalStatus: status }: DescribeModelPackageCommandOutput): ApprovalStatus {
  if (status === 'Approved') return 'approved';
  return status === 'Rejected' ? 'rejected' : 'pending';
}

/** The decision behind a status that the history does not have: one taken in Studio, the console, or by another program. */
function decisionElsewhere(
  described: DescribeModelPackageCommandOutput,
  history: readonly ApprovalDecision[],
): ApprovalDecision | null {
  const last = history.at(-1)!;
  const status = statusOf(described);
  if (last.status === status) return null;
  const { LastModifiedTime: at, LastModifiedBy: user, ApprovalDescription: text = '' } = described;
  return {
    at: (at ?? new Date(last.at)).toISOString(),
    status,
    by: user?.UserProfileName ?? 'someone outside of hemline',
    reason: text === '' ? 'changed in SageMaker, without a reason' : text,
  };
}

function unique(): string {
  return randomBytes(4).toString('hex');
}
