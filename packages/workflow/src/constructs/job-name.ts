import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { ConfigurationError } from '@hemline/core';

/** SageMaker takes 63 characters, a UUID has 36, and a hyphen goes between. */
export const LONGEST_PREFIX = 26;

/**
 * The name of a job: a prefix and a UUID, which Step Functions makes anew for every attempt. SageMaker never takes a name twice,
 * so that a name of the execution alone would fail every retry.
 * @param prefix 1 to 26 characters: letters, digits, single hyphens between them
 * @returns for a definition
 * @throws ConfigurationError when SageMaker would refuse the name
 */
export function jobName(prefix: string): string {
  if (prefix.length > LONGEST_PREFIX || !/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(prefix))
    throw new ConfigurationError('the prefix of a job name is not valid', {
      expected: `1 to ${LONGEST_PREFIX} letters, digits and hyphens, the first and the last no hyphen`,
      found: prefix,
      remedy: 'Shorten it: jobPrefix(…) does.',
    });
  return sfn.JsonPath.format(`${prefix}-{}`, sfn.JsonPath.uuid());
}
