import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Role } from '../api/index.ts';
import { RefusedError } from '../decisions/refused-error.ts';
import { mayDo, type Visitor } from './access.ts';

/** What each request knows. */
export interface DeskEnv {
  Bindings: HttpBindings;
  Variables: { visitor: Visitor };
}
/** A request, with who asks. */
export type DeskContext = Context<DeskEnv>;

/**
 * Lets only those in who may.
 * @param role that is needed
 * @returns a gate of a route
 */
export function needs(role: Role): MiddlewareHandler<DeskEnv> {
  return async (c, next) => {
    const { visitor } = c.var;
    if (!mayDo(visitor.role, role))
      throw new RefusedError('forbidden', 'your role does not allow this', {
        expected: role,
        found: visitor.role,
      });
    await next();
  };
}
