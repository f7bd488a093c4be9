// Prints the quotas that the deployments need: npx hemline-node packages/hemline/src/deployment/print-quotas.ts
import { quotasOf } from '@hemline/workflow/stack';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { modelPackages } from '../workspace.ts';
import { STAGES } from './deployed-models.ts';
import { deploymentOf } from './deployments.ts';
import { plainly } from './plainly.ts';

await plainly(async () => {
  const [catalog, packages] = [await modelCatalog(), modelPackages()];
  for (const stage of STAGES) {
    process.stdout.write(`hemline-${stage}: machines at once, of one run of any workflow\n`);
    for (const { name, machines, workflow } of quotasOf(deploymentOf(stage, catalog, packages)))
      process.stdout.write(`${String(machines).padStart(6)}  ${name} (${workflow})\n`);
  }
});
