import { randomBytes } from 'node:crypto';

/** What SageMaker takes as the name of a job, and of its inputs and outputs. */
export const JOB_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const LONGEST = 63;

/**
 * A name that no job of the account has had: SageMaker never takes one twice.
 * @param kind such as `train`
 * @param model its name
 * @param now time of the launch
 * @returns such as `train-demand-naive-20261125t204230-1f9a`; a long model name is cut
 */
export function jobName(kind: string, model: string, now: Date = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\..*/, '').toLowerCase();
  const end = `-${stamp}-${randomBytes(2).toString('hex')}`;
  const begin = `${kind}-${model}`.slice(0, LONGEST - end.length).replace(/-+$/, '');
  return `${begin}${end}`;
}
