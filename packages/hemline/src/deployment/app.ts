// What `npx cdk` starts (cdk.json): the stacks of all deployments.
import { hemlineApp } from '@hemline/workflow/stack';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { modelPackages } from '../workspace.ts';
import { deployments } from './deployments.ts';
import { plainly } from './plainly.ts';

await plainly(async () => {
  const { deployments: all, leftOut } = deployments(await modelCatalog(), modelPackages());
  for (const text of leftOut) process.stderr.write(`${text}\n`);
  hemlineApp(all).synth();
});
