import { useEffect, useRef } from 'preact/hooks';

/**
 * Keys that work wherever nothing is typed and no dialogue is open. Arrows and the like are left to whatever control has the focus.
 * @param keys what each does
 */
export function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element;
      if (document.querySelector('dialog[open]') !== null) return;
      const isTyping =
        target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
      if (isTyping) return;
      // Enter belongs to the control that has the focus, and arrows to what scrolls; letters are nobody's.
      if (event.key === 'Enter' && target.closest('button, a') !== null) return;
      const isMoving = event.key.length > 1 && event.key !== 'Escape';
      if (isMoving && target.closest('.menu-panel, .scrolls, .strip') !== null) return;
      const run = now.current[event.key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
