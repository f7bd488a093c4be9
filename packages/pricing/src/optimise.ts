// The program `optimise` of the image `pricing`: prices the forecasts of a run, and knows no model.
import { optimise } from './job/optimise-job.ts';

await optimise();
