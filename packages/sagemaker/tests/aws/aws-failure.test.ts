import { describe, expect, it } from 'vitest';
import { ConfigurationError, ConflictError, DataError, StoreError } from '@hemline/core';
import { awsFailure, isNotThere } from '../../src/aws/aws-failure.ts';

/** An error as the SDK throws it. */
function sdkError(name: string, message: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

describe('awsFailure', () => {
  it.each([
    [
      'CredentialsProviderError',
      'Could not load',
      undefined,
      ConfigurationError,
      /no credentials.*AWS_PROFILE/,
    ],
    ['Error', 'Region is missing', undefined, ConfigurationError, /region of AWS is not known.*AWS_REGION/],
    [
      'AccessDeniedException',
      'no',
      400,
      ConfigurationError,
      /may sagemaker:X, found AccessDenied.*Grant sagemaker:X/,
    ],
    ['ExpiredTokenException', 'old', 403, ConfigurationError, /AWS does not allow sagemaker:X of job-1/],
    ['ResourceLimitExceeded', 'quota 0', 400, ConfigurationError, /quota.*higher quota/],
    ['ResourceInUse', 'taken', 400, ConflictError, /another name/],
    [
      'ValidationException',
      'bad ARN.',
      400,
      ConfigurationError,
      /AWS refuses sagemaker:X of job-1; found ValidationException: bad ARN\.$/,
    ],
    ['ThrottlingException', 'slow down', 400, StoreError, /Try again/],
    ['InternalFailure', 'oops', 500, StoreError, /Try again/],
    ['TimeoutError', 'nothing came', undefined, StoreError, /nothing came/],
  ] as const)('tells the person who has to act what to do about %s', (name, message, status, kind, text) => {
    const failure = awsFailure(sdkError(name, message, status), 'sagemaker:X', 'job-1');
    expect(failure).toBeInstanceOf(kind);
    expect(failure.message).toMatch(text);
  });

  it('leaves errors of hemline as they are', () => {
    const error = new DataError('x');
    expect(awsFailure(error, 'a', 'b')).toBe(error);
  });
});

describe('isNotThere', () => {
  it.each([
    ['ResourceNotFoundException', 'The specified log group does not exist.', 400, true],
    ['ValidationException', 'ModelPackageGroup arn:… does not exist.', 400, true],
    ['ResourceNotFound', 'Requested resource not found.', 400, true],
    ['ValidationException', '1 validation error detected', 400, false],
    ['AccessDeniedException', 'role does not exist', 403, false],
    ['TypeError', 'x is not found', undefined, false],
  ] as const)('%s, %s', (name, message, status, expected) => {
    expect(isNotThere(sdkError(name, message, status))).toBe(expected);
  });
});
