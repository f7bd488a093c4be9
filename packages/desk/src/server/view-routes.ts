import type { Hono } from 'hono';
import { viewNameSchema, viewSchema, type View } from '../api/index.ts';
import type { Desk } from '../desk.ts';
import { RefusedError } from '../decisions/refused-error.ts';
import { needs, type DeskEnv } from './desk-env.ts';
import { checked, parsedJson } from './problems.ts';

/** Views that a person may keep. */
const MOST_VIEWS = 100;

/**
 * Filters and orders that people keep, each their own.
 * @param app that gets the routes
 * @param desk whose journal keeps them
 */
export function addViewRoutes(app: Hono<DeskEnv>, { journal }: Desk): void {
  app.get('/api/views', (c) => {
    const rows = journal.all(
      'SELECT name, view FROM views WHERE person = ? ORDER BY name',
      c.var.visitor.person,
    );
    return c.json({ views: rows.map(({ name, view }) => ({ name, ...(JSON.parse(String(view)) as View) })) });
  });
  app.get('/api/views/:name', (c) => {
    const name = checked(viewNameSchema, c.req.param('name'));
    const found = journal.one(
      'SELECT view FROM views WHERE person = ? AND name = ?',
      c.var.visitor.person,
      name,
    );
    if (found === undefined) throw new RefusedError('not-found', 'you keep no such view', { found: name });
    return c.json(JSON.parse(String(found['view'])) as View);
  });
  app.put('/api/views/:name', needs('read'), async (c) => {
    const name = checked(viewNameSchema, c.req.param('name'));
    const view = checked(viewSchema, parsedJson(await c.req.text()));
    const { person } = c.var.visitor;
    journal.write(() => {
      const count = journal.one(
        'SELECT count(*) AS views FROM views WHERE person = ? AND name <> ?',
        person,
        name,
      );
      if (Number(count!['views']) >= MOST_VIEWS)
        throw new RefusedError('conflict', 'you keep too many views', { expected: `${MOST_VIEWS} at most` });
      journal.run('INSERT OR REPLACE INTO views VALUES (?, ?, ?)', person, name, JSON.stringify(view));
    });
    return c.json(view);
  });
  app.delete('/api/views/:name', needs('read'), (c) => {
    const name = checked(viewNameSchema, c.req.param('name'));
    const gone = journal.run('DELETE FROM views WHERE person = ? AND name = ?', c.var.visitor.person, name);
    if (gone === 0) throw new RefusedError('not-found', 'you keep no such view', { found: name });
    return c.json({ removed: true });
  });
}
