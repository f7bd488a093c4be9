import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';

/** Attempts that the SDK makes for a request that failed for a reason that may pass. */
const SETTINGS = { maxAttempts: 5, requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 } };

/**
 * The client of SageMaker. Credentials, region and endpoint are found as the SDK does (AWS_ENDPOINT_URL_SAGEMAKER).
 * @returns a new client
 */
export function sageMakerClient(): SageMakerClient {
  return new SageMakerClient(SETTINGS);
}

/**
 * The client of CloudWatch Logs, found likewise.
 * @returns a new client
 */
export function logsClient(): CloudWatchLogsClient {
  return new CloudWatchLogsClient(SETTINGS);
}
