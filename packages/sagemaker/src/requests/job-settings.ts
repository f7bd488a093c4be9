/** What a job runs on, and how long it may. */
export interface JobMachines {
  /** SageMaker's name, such as `ml.m5.4xlarge`. */
  readonly instanceType: string;
  readonly instances: number;
  /** Disk of each: inputs and outputs have to fit. */
  readonly volumeGiB: number;
  readonly maximumSeconds: number;
}

/** What every job is told besides what it works on. */
export interface JobSettings {
  /** At most 63 letters, digits and hyphens; the account may not have used it before. */
  readonly name: string;
  /** URI of the container image. */
  readonly image: string;
  /** ARN of the role that the job takes. */
  readonly role: string;
  readonly machines: JobMachines;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Keys; by default the account's and the bucket's. */
  readonly keys?: { readonly disks?: string; readonly outputs?: string };
  /** Subnets and security groups; by default SageMaker's own network. */
  readonly network?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
  /** No network from within the container. */
  readonly isIsolated?: boolean;
}

/** One place that a job reads or writes. */
export interface JobInput {
  readonly name: string;
  /** In S3 a folder, or one object that ends with `.tar.gz` or `.json`; on this machine `file:`. */
  readonly uri: string;
}

/** As long as SageMaker lets anything run. */
const LONGEST_SECONDS = 28 * 86_400;

/**
 * What a job that runs on this machine is told: it needs neither role nor tags, and its machine is this one.
 * @param name of the job
 * @param image that an engine knows: a model's name where programs stand for images
 * @param environment variables of the job
 * @returns settings of its request
 */
export function localSettings(
  name: string,
  image: string,
  environment: Readonly<Record<string, string>> = {},
): JobSettings {
  const machines = { instanceType: 'local', instances: 1, volumeGiB: 1, maximumSeconds: LONGEST_SECONDS };
  return { name, image, role: 'arn:aws:iam::000000000000:role/local', machines, environment, tags: {} };
}

/**
 * S3 knows prefixes, not folders: `features` would also match `features2/`.
 * @param uri of a folder or an object
 * @returns a folder in S3 with a slash at its end; anything else as it is
 */
export function folderUri(uri: string): string {
  const isFolder = uri.startsWith('s3://') && !uri.endsWith('/') && !/\.(tar\.gz|json|parquet)$/.test(uri);
  return isFolder ? `${uri}/` : uri;
}

/**
 * SageMaker refuses lists and maps without anything in them.
 * @param key of a request
 * @param value list or map
 * @returns the field, or none
 */
export function unlessEmpty<K extends string, T extends object>(key: K, value: T): { [P in K]?: T } {
  return Object.keys(value).length === 0 ? {} : ({ [key]: value } as { [P in K]: T });
}

/**
 * @param key of a request
 * @param value there may be
 * @returns the field, or none
 */
export function unlessAbsent<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

/**
 * @param settings of a job
 * @returns the fields of its machines, as both requests have them
 */
export function machineFields({ machines, keys }: JobSettings): {
  readonly InstanceType: string;
  readonly InstanceCount: number;
  readonly VolumeSizeInGB: number;
  readonly VolumeKmsKeyId?: string;
} {
  return {
    InstanceType: machines.instanceType,
    InstanceCount: machines.instances,
    VolumeSizeInGB: machines.volumeGiB,
    ...unlessAbsent('VolumeKmsKeyId', keys?.disks),
  };
}

/** A network of one's own, as both requests have it. */
export interface VpcFields {
  readonly VpcConfig?: { readonly Subnets: readonly string[]; readonly SecurityGroupIds: readonly string[] };
}

/**
 * @param settings of a job
 * @returns the fields of its network
 */
export function networkFields({ network }: JobSettings): VpcFields {
  if (network === undefined) return {};
  return { VpcConfig: { Subnets: [...network.subnets], SecurityGroupIds: [...network.securityGroups] } };
}

/** A tag as SageMaker takes it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/**
 * @param settings of a job
 * @returns the fields of its environment and tags
 */
export function labelFields({ environment, tags }: JobSettings): {
  readonly Environment?: Readonly<Record<string, string>>;
  readonly Tags?: readonly Tag[];
} {
  return {
    ...unlessEmpty('Environment', { ...environment }),
    ...unlessEmpty(
      'Tags',
      Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ),
  };
}
