import { S3Client } from '@aws-sdk/client-s3';

/** Where S3 is, when it is not the SDK's default. */
export interface S3Options {
  /** Of an S3-compatible server; by default AWS_ENDPOINT_URL_S3, else Amazon's. */
  readonly endpoint?: string;
  /** By default as the SDK finds it: environment, profile, instance. */
  readonly region?: string;
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`; by default where an endpoint is given. */
  readonly forcePathStyle?: boolean;
  /** A client that is made already. */
  readonly client?: S3Client;
}

/** Attempts that the SDK makes for a request that failed for a reason that may pass. */
const ATTEMPTS = 5;
const CONNECTION_TIMEOUT = 5_000;
/** A request that says nothing for so long is given up and repeated. */
const REQUEST_TIMEOUT = 60_000;

const clients = new Map<string, S3Client>();

/**
 * The client of an endpoint. Credentials and region are found as the SDK does.
 * @param options where S3 is
 * @returns a client, shared by all stores of the endpoint
 */
export function s3Client(options: S3Options = {}): S3Client {
  if (options.client !== undefined) return options.client;
  const { endpoint, region } = options;
  const { AWS_ENDPOINT_URL_S3: forS3, AWS_ENDPOINT_URL: forAll } = process.env;
  const name = JSON.stringify([endpoint, region, options.forcePathStyle, forS3, forAll]);
  const known = clients.get(name);
  if (known !== undefined) return known;
  const isElsewhere = [endpoint, forS3, forAll].some((each) => each !== undefined && each !== '');
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    // Other servers seldom answer to a host name for each bucket.
    forcePathStyle: options.forcePathStyle ?? isElsewhere,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  });
  clients.set(name, client);
  return client;
}
