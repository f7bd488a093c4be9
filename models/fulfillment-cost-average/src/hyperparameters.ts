import { z } from 'zod';

/** Nothing can be set: the strength of shrinking comes from the data. */
export const fulfillmentCostHyperparameters = z.object({});
