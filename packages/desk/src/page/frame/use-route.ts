import { useEffect, useState } from 'preact/hooks';
import { readRoute, writeRoute, type Route } from './route.ts';

/**
 * @returns what the address says is looked at, and how to go elsewhere; the browser's own "back" goes back
 */
export function useRoute(): readonly [Route, (change: Partial<Route>) => void] {
  const [route, setRoute] = useState<Route>(() => readRoute(location.hash));
  useEffect(() => {
    const moved = (): void => setRoute(readRoute(location.hash));
    window.addEventListener('hashchange', moved);
    window.addEventListener('popstate', moved);
    return () => {
      window.removeEventListener('hashchange', moved);
      window.removeEventListener('popstate', moved);
    };
  }, []);
  const go = (change: Partial<Route>): void => {
    // From the address, not from what was drawn last: two changes in one moment must both hold.
    const before = readRoute(location.hash);
    const next = { ...before, ...change };
    const isElsewhere =
      next.screen !== before.screen || (next.article === null) !== (before.article === null);
    // Each key in a filter, and each row that is looked at, would be a step of its own to go back.
    if (isElsewhere) history.pushState(null, '', writeRoute(next));
    else history.replaceState(null, '', writeRoute(next));
    setRoute(next);
  };
  return [route, go];
}

/**
 * @param query of CSS
 * @returns whether it holds for the window now
 */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const changed = (): void => setHolds(media.matches);
    changed();
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, [query]);
  return holds;
}
