import type { CommitHost } from '@hemline/stores';
import type { Hosts } from '@hemline/sagemaker';

/**
 * The hosts of a job as its output sees them.
 * @param hosts of the job
 * @returns this host's name and those of all
 */
export function commitHost({ current, all }: Hosts): CommitHost {
  return { name: current, all };
}
