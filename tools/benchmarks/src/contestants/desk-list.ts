import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startDesk } from '../desk/desk-server.ts';
import { contentOf, DeskVisitor } from '../desk/desk-visitor.ts';
import { deskQuery, listQuestions } from '../desk/large-list.ts';
import { peopleFile } from '../desk/people.ts';
import { median } from '../harness/measure.ts';
import { listCheck } from '../desk/list-check.ts';

/** Asks a desk on a generated list through HTTP. Arguments: folder of make-desk-list.ts. */
const [folder] = process.argv.slice(2) as [string];
const { run } = JSON.parse(await readFile(join(folder, 'list.json'), 'utf8')) as { readonly run: string };
const { file, people } = await peopleFile(join(folder, 'people.json'), 1);
const home = join(folder, 'home');
const desk = await startDesk(home, [run, '--data', join(folder, 'data'), '--auth', file]);
try {
  const visitor = new DeskVisitor(desk.port);
  await visitor.enter(people[0]!.token);
  const timed = async <T>(
    work: () => Promise<T>,
  ): Promise<{ readonly seconds: number; readonly found: T }> => {
    const began = performance.now();
    const found = await work();
    return { seconds: (performance.now() - began) / 1000, found };
  };
  /** What a browser asks for before it shows rows. */
  const opened = await timed(async () => {
    const { text } = await visitor.get('/');
    const assets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    await Promise.all(assets.map((path) => visitor.get(path)));
    await visitor.get('/api/session');
    const query = { filter: {}, sort: { by: 'gain', descending: true }, offset: 0, count: 200 };
    return contentOf<{ readonly total: number }>(await visitor.get('/api/rows', query));
  });
  const seconds: number[] = [];
  const shown: (readonly Shown[])[] = [];
  for (const question of listQuestions()) {
    const one = await timed(() => visitor.get('/api/rows', deskQuery(question)));
    seconds.push(one.seconds);
    shown.push(contentOf<{ readonly rows: readonly Shown[] }>(one.found).rows);
  }
  const figures = {
    rows: opened.found.total,
    cores: cpus().length,
    loadSeconds: desk.seconds,
    firstRowsSeconds: opened.seconds,
    medianSeconds: median(seconds),
    slowestSeconds: Math.max(...seconds),
  };
  process.stdout.write(
    `${JSON.stringify({ seconds: median(seconds), peakBytes: desk.peakBytes(), check: listCheck(shown), figures })}\n`,
  );
  visitor.leave();
} finally {
  await desk.end('SIGTERM');
}

interface Shown {
  readonly article: string;
  readonly market: string;
}
