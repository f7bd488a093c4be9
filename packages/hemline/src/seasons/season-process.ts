// What a process that plays seasons starts with.
import { serveSeasons } from './serve-seasons.ts';

serveSeasons();
