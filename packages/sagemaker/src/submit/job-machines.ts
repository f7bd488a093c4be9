/** What a job runs on, and how long it may. */
export interface JobMachines {
  /** SageMaker's name, such as `ml.m5.4xlarge`. */
  readonly instanceType: string;
  readonly instances: number;
  /** Disk of each: inputs and outputs have to fit. */
  readonly volumeGiB: number;
  readonly maximumSeconds: number;
}

/** What every job is told besides. */
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
  /** Key for disks and outputs; by default the account's. */
  readonly kmsKey?: string;
  /** Subnets and security groups; by default SageMaker's own network. */
  readonly network?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
}

/** One place in S3 that a job reads. */
export interface JobInput {
  readonly name: string;
  /** A folder, or one object that ends with `.tar.gz` or `.json`. */
  readonly uri: string;
}

/**
 * S3 knows prefixes, not folders: `features` would also match `features2/`.
 * @param uri of a folder or an object
 * @returns the folder with a slash at its end; an object as it is
 */
export function folderUri(uri: string): string {
  return uri.endsWith('/') || /\.(tar\.gz|json|parquet)$/.test(uri) ? uri : `${uri}/`;
}

/**
 * @param record by name
 * @returns as SageMaker takes tags
 */
export function tagList(record: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(record).map(([Key, Value]) => ({ Key, Value }));
}
