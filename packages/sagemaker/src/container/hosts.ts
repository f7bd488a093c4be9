import { z } from 'zod';
import { readConfigFile, type ConfigurationProblems } from './config-file.ts';

/** The hosts of a job and which of them this is. Names are SageMaker's (`algo-1`), not the machine's. */
export interface Hosts {
  readonly current: string;
  readonly all: readonly string[];
  /** Position of the current host among all. */
  readonly index: number;
}

const resourceSchema = z.object({
  current_host: z.string(),
  hosts: z.array(z.string()).min(1),
  current_instance_type: z.string().nullish(),
  // Writers disagree on the name.
  current_group_name: z.string().nullish(),
  current_instance_group: z.string().nullish(),
});

/**
 * Reads `resourceconfig.json`. Without it there is one host: a local run needs no ceremony.
 * @param path of the file
 * @param problems where to report
 * @returns the hosts
 */
export async function readHosts(path: string, problems: ConfigurationProblems): Promise<Hosts> {
  const config = await readConfigFile(path, resourceSchema, problems);
  if (config === null) return { current: 'algo-1', all: ['algo-1'], index: 0 };
  const all = [...config.hosts].sort();
  const index = all.indexOf(config.current_host);
  if (index === -1)
    problems.add(`${path}: current_host ${config.current_host} is not among hosts ${all.join(', ')}`);
  return { current: config.current_host, all, index };
}
