import { createHash, createHmac, type BinaryLike, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { ConfigurationError } from '@hemline/core';
import type { MlflowSigner } from './mlflow-client.ts';

/** Name under which requests to managed MLflow are signed. */
const SERVICE = 'sagemaker-mlflow';
const ARN =
  /^arn:(aws|aws-us-gov):sagemaker:([a-z0-9-]+):\d{12}:(mlflow-tracking-server|mlflow-app)\/[\w-]+$/;

/**
 * How a tracking server managed by SageMaker is reached: `https://<region>.experiments.sagemaker.aws`, requests signed with
 * Signature Version 4 and told apart by the server's ARN in a header, as the plugin sagemaker-mlflow does. Credentials are found as the
 * AWS SDK does.
 * @param arn of the tracking server
 * @param environment `SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT` names another endpoint
 * @returns URL and signer
 * @throws ConfigurationError when it is no such ARN
 */
export function sageMakerServer(
  arn: string,
  environment: NodeJS.ProcessEnv,
): { readonly url: string; readonly sign: MlflowSigner } {
  const region = ARN.exec(arn)?.[2];
  if (region === undefined)
    throw new ConfigurationError('this is not the ARN of a tracking server', {
      expected: 'arn:aws:sagemaker:REGION:ACCOUNT:mlflow-tracking-server/NAME',
      found: arn,
    });
  const custom = environment['SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT'] ?? '';
  const signer = new SignatureV4({
    service: SERVICE,
    region,
    credentials: defaultProvider(),
    sha256: Sha256,
  });
  const sign: MlflowSigner = async ({ method, url, body }) => {
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: {
        host: url.host,
        'x-mlflow-sm-tracking-server-arn': arn,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        ...(body === '' ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === '' ? {} : { body }),
    });
    const { host: _, ...rest } = headers;
    return rest;
  };
  return { url: custom === '' ? `https://${region}.experiments.sagemaker.aws` : custom, sign };
}

/** SHA-256 with the face that the signer wants; with a secret, HMAC. */
class Sha256 {
  readonly #secret: BinaryLike | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret =
      secret instanceof ArrayBuffer ? new Uint8Array(secret) : (secret as BinaryLike | undefined);
    this.#hash = this.#new();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#new();
  }

  #new(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}
