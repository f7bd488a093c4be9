import { ConfigurationError, ConflictError, HemlineError, StoreError } from '@hemline/core';

const THROTTLED =
  /Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|InternalFailure|InternalServer/;

/** What SageMaker says when as many run as the account may have. */
const QUOTA = 'ResourceLimitExceeded';

/**
 * An error of the AWS SDK, for the person who has to act.
 * @param error anything thrown
 * @param action permission that the request needs, such as `sagemaker:CreateTrainingJob`
 * @param subject what it was about, such as a job's name
 * @returns the error; one of ours as it is
 */
export function awsFailure(error: unknown, action: string, subject: string): HemlineError {
  if (error instanceof HemlineError) return error;
  const { name, message } = error as Error;
  const status = statusOf(error);
  const found = `${name}: ${message.trim().replace(/\.$/, '')}`;
  if (name === 'CredentialsProviderError')
    return new ConfigurationError('there are no credentials for AWS', {
      expected: 'credentials in the environment, a profile, or a role',
      found: message,
      remedy: 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a role.',
      cause: error,
    });
  if (message.includes('Region is missing'))
    return new ConfigurationError('the region of AWS is not known', {
      found: message,
      remedy: 'Set AWS_REGION.',
      cause: error,
    });
  if (/AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|NotAuthorized/.test(name))
    return new ConfigurationError(`AWS does not allow ${action} of ${subject}`, {
      expected: `credentials that may ${action}`,
      found,
      remedy: `Grant ${action} to the role, or use other credentials.`,
      cause: error,
    });
  if (name === QUOTA)
    return new ConfigurationError(`a quota of the account does not allow ${subject}`, {
      found,
      remedy: 'Ask for a higher quota, take another instance type, or wait for running jobs to end.',
      cause: error,
    });
  if (['ResourceInUse', 'ConflictException'].includes(name))
    return new ConflictError(`AWS has ${subject} already, or is changing it`, {
      found,
      remedy: 'Take another name, or try again when the change has ended.',
      cause: error,
    });
  if (status >= 400 && status < 500 && !THROTTLED.test(name))
    return new ConfigurationError(`AWS refuses ${action} of ${subject}`, { found, cause: error });
  return new StoreError(`AWS did not answer ${action} of ${subject} as it should`, {
    found,
    remedy: 'Try again.',
    cause: error,
  });
}

/**
 * Whether a quota of the account was in the way: what is refused now may be taken when other jobs have ended.
 * @param error of {@link awsFailure}
 * @returns whether it is
 */
export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof HemlineError && (error.cause as Error | undefined)?.name === QUOTA;
}

/**
 * Whether AWS says that something is not there. SageMaker has no error of its own for most kinds of it.
 * @param error of the SDK
 * @returns whether it is
 */
export function isNotThere(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    /^(ResourceNotFound|ResourceNotFoundException)$/.test(name) ||
    (statusOf(error) === 400 && /does not exist|not found|could not find/i.test(message))
  );
}

function statusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}
