import type { Hono } from 'hono';
import { frontierQuerySchema, rowsQuerySchema, solveRequestSchema, type Session } from '../api/index.ts';
import type { Desk } from '../desk.ts';
import { needs, type DeskEnv } from './desk-env.ts';
import { checked, parsedJson } from './problems.ts';

/**
 * What is seen: the list, its limits, an article, what limits cost; and pricing again.
 * @param app that gets the routes
 * @param desk that answers
 */
export function addListRoutes(app: Hono<DeskEnv>, desk: Desk): void {
  app.get('/api/session', async (c) => {
    const { person, role, csrf } = c.var.visitor;
    const { rules, reasons } = desk.rules;
    const session: Session = {
      ...{ person, role, csrf, run: await desk.facts(), reasons: [...reasons], rules },
      isSimulated: desk.isSimulated,
    };
    return c.json(session);
  });
  app.get('/api/rows', (c) =>
    c.json(desk.view.answer(checked(rowsQuerySchema, parsedJson(c.req.query('query'))))),
  );
  app.get('/api/limits', async (c) => c.json({ limits: await desk.book.limits() }));
  app.get('/api/article/:article', async (c) => c.json(await desk.article(c.req.param('article'))));
  app.get('/api/frontier', (c) => {
    const { limit } = checked(frontierQuerySchema, c.req.query());
    return c.json(desk.frontier(limit));
  });
  app.get('/api/solve', (c) => c.json(desk.solver.state));
  app.post('/api/solve', needs('decide'), async (c) => {
    const request = checked(solveRequestSchema, parsedJson(await c.req.text()));
    const { person } = c.var.visitor;
    const { isRepeated } = desk.journal.once(person, request.key, ['solve'], () => {
      desk.solver.start();
      return { isStarted: true };
    });
    return c.json({ ...desk.solver.state, isRepeated }, 202);
  });
}
