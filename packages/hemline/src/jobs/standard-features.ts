// What `hemline features` starts where no model is named: an entrypoint as a model's own `process.ts`.
import { panelRecipe, standardFeatures } from '@hemline/features';
import { writeFeatures } from '@hemline/runtime';

await writeFeatures('standard-features', panelRecipe(standardFeatures));
