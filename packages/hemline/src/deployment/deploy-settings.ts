import { ConfigurationError } from '@hemline/core';
import type { Deployment, ImageDigests } from '@hemline/workflow/stack';

/** What all deployments of an account share. */
export type DeploySettings = Pick<Deployment, 'imageTag' | 'imageDigests' | 'emails' | 'network'>;

/**
 * Reads what an account has of its own:
 * - `HEMLINE_IMAGE_TAG`: the commit whose images are deployed
 * - `HEMLINE_IMAGE_DIGESTS`: their digests, as `.ci/release` prints them
 * - `HEMLINE_ALERT_EMAIL`: who is told
 * - `HEMLINE_SUBNETS`, `HEMLINE_SECURITY_GROUPS`: of the network that jobs run in, separated by commas; none: SageMaker's own
 * @param environment of the process
 * @returns settings
 * @throws ConfigurationError for one that is missing or not valid
 */
export function readDeploySettings(environment: NodeJS.ProcessEnv): DeploySettings {
  const imageTag = environment['HEMLINE_IMAGE_TAG'] ?? '';
  if (!/^[\w][\w.-]{0,123}$/.test(imageTag) || imageTag === 'latest')
    throw new ConfigurationError('a deployment has to say which images it runs', {
      expected: 'HEMLINE_IMAGE_TAG: the commit that they were released for',
      found: imageTag === '' ? 'nothing' : imageTag,
      remedy: 'HEMLINE_IMAGE_TAG=$(git rev-parse HEAD) names those of this commit.',
    });
  const digests = environment['HEMLINE_IMAGE_DIGESTS'] ?? '';
  const email = environment['HEMLINE_ALERT_EMAIL'] ?? '';
  const network = networkOf(environment);
  return {
    imageTag,
    ...(digests === '' ? {} : { imageDigests: parseDigests(digests) }),
    emails: email === '' ? [] : [email],
    ...(network === null ? {} : { network }),
  };
}

function parseDigests(text: string): Readonly<Record<string, ImageDigests>> {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  const isRight =
    typeof found === 'object' &&
    found !== null &&
    Object.values(found).every((each: unknown) => typeof (each as ImageDigests | null)?.cpu === 'string');
  if (isRight) return found as Readonly<Record<string, ImageDigests>>;
  throw new ConfigurationError('the digests of the images cannot be read', {
    expected: 'HEMLINE_IMAGE_DIGESTS: {"demand-naive": {"cpu": "sha256:…"}, …}, as .ci/release prints it',
    found: text.slice(0, 200),
  });
}

function networkOf(environment: NodeJS.ProcessEnv): Deployment['network'] | null {
  const list = (name: string): string[] => (environment[name] ?? '').split(',').filter(Boolean);
  const subnets = list('HEMLINE_SUBNETS');
  const securityGroups = list('HEMLINE_SECURITY_GROUPS');
  if (subnets.length === 0 && securityGroups.length === 0) return null;
  return { subnets, securityGroups };
}
