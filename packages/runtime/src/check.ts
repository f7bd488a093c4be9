// The program `check` of the image `data`: the check of a dataset, which knows no model.
import { checkData } from './entrypoints/check-data.ts';

await checkData();
