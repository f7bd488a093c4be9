// What `npx cdk` starts (cdk.json): the stacks of all deployments.
import { hemlineApp } from '@hemline/workflow/stack';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { deployments } from './deployments.ts';

hemlineApp(deployments(await modelCatalog())).synth();
