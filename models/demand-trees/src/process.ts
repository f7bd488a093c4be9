import { processJob } from '@hemline/runtime';
import model from './model.ts';

await processJob(model);
