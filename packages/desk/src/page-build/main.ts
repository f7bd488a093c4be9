import { buildPage, PAGE_PLACES } from './build-page.ts';

/** What went wrong stands in the first lines; a piece of the source and where vite was follow. */
const LINES = 3;

// `npm run setup` starts this, so does `npx nx build @hemline/desk`. The first word is for whoever started it.
try {
  const done = await buildPage();
  process.stdout.write(`${done} ${PAGE_PLACES.page}\n`);
} catch (error) {
  const lines = (error as Error).message.split('\n').filter((line) => line.trim() !== '');
  process.stderr.write(`${lines.slice(0, LINES).join('\n')}\n`);
  process.exitCode = 1;
}
