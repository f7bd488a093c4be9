import type { Policy } from '@hemline/seasons';

/** Half the list price in the last four weeks, the list price before. */
const halfPrice: Policy = {
  name: 'half-price',
  decide({ weeksToEnd, discounts }) {
    const half = discounts.findIndex((discount) => discount >= 0.5);
    return { level: Int8Array.from(weeksToEnd, (weeks) => (weeks <= 4 ? half : 0)) };
  },
};

export default halfPrice;
