export { watchFolder, type WatchOptions } from './watch-folder.ts';
export { arrivalsIn, type Arrival } from './arrivals.ts';
