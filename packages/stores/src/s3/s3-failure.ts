import { ConfigurationError, DataError, HemlineError, StoreError } from '@hemline/core';

/**
 * HTTP status of an error of the SDK.
 * @param error anything thrown
 * @returns the status, 0 when there was no answer
 */
export function statusOf(error: unknown): number {
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return metadata?.httpStatusCode ?? 0;
}

/**
 * Whether the same request may succeed when it is made again.
 * @param error of the SDK, or of a connection
 * @returns false for what the server refused for good
 */
export function mayPass(error: unknown): boolean {
  if (isWrongSetup(error)) return false;
  const status = statusOf(error);
  return status === 0 || status >= 500 || status === 408 || status === 429 || (status >= 200 && status < 300);
}

/**
 * An error for the person who has to act.
 * @param error of the SDK
 * @param action permission that the request needs, such as `s3:GetObject`
 * @param url of the object
 * @returns the error, one of ours as it is
 */
export function s3Failure(error: unknown, action: string, url: string): HemlineError {
  if (error instanceof HemlineError) return error;
  const { name, message } = error as Error;
  const where = { file: url };
  const found = `${name}: ${message}`;
  if (name === 'NoSuchUpload')
    return new StoreError('the upload was given up by another', {
      expected: 'one writer of an object at a time',
      where,
      remedy: 'Look for a second run of this job, or a rule of the bucket that removes unfinished uploads.',
      cause: error,
    });
  switch (statusOf(error)) {
    case 404:
      return new DataError(name === 'NoSuchBucket' ? 'there is no such bucket' : 'there is no such object', {
        where,
        remedy: 'Check the address, and that nothing removes objects while a job reads them.',
        cause: error,
      });
    case 401:
    case 403:
      return new ConfigurationError('S3 does not allow it', {
        expected: `credentials that may ${action}`,
        found,
        where,
        remedy: `Grant ${action} on it to the role, or use other credentials. Without s3:ListBucket, S3 says the same of what is not there.`,
        cause: error,
      });
    case 412:
      return new StoreError('the object was replaced while it was read', {
        where,
        remedy: 'Start again, and let nothing write where a job reads.',
        cause: error,
      });
    default:
      break;
  }
  if (name === 'CredentialsProviderError')
    return new ConfigurationError('there are no credentials for S3', {
      expected: 'credentials in the environment, a profile, or a role',
      found: message,
      where,
      remedy: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a role.',
      cause: error,
    });
  if (isWrongSetup(error))
    return new ConfigurationError('S3 cannot be asked as it is set up', {
      expected: 'the region of the bucket',
      found,
      where,
      remedy: 'Set AWS_REGION to it.',
      cause: error,
    });
  return new StoreError('S3 did not answer as it should', { found, where, cause: error });
}

/** What no repetition helps: no credentials, no region or another than the bucket's. */
function isWrongSetup(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    name === 'CredentialsProviderError' ||
    message.includes('Region is missing') ||
    [301, 307].includes(statusOf(error))
  );
}
