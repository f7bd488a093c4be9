// What stands for the image `data`: the check of a dataset, which knows no model.
import { checkData } from '@hemline/runtime';

await checkData();
