import { processJob } from '@hemline/runtime';
import model from './demand-curve-model.ts';

await processJob(model);
