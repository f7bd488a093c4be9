const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M11 11l3.5 3.5M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0z',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  back: 'M10 3L5 8l5 5',
  check: 'M3 8.5l3.2 3.2L13 5',
  clock: 'M8 4.5V8l2.3 1.6M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  pen: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3 3 13z',
  ban: 'M3.8 3.8l8.4 8.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  shop: 'M3 7v6h10V7M2 6.5L3.5 3h9L14 6.5c0 2-3 2-3 0 0 2-3 2-3 0 0 2-3 2-3 0 0 2-3 2-3 0z',
  dot: 'M8 8h.01',
  star: 'M8 2.5l1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11.2l-3.5 2 .8-3.9-2.9-2.7 3.9-.5z',
  warning: 'M8 6v3.2M8 11.6h.01M8 2.3L14.4 13.4H1.6z',
  picture: 'M2.5 3.5h11v9h-11zM2.5 10.5l3-3 3 3 2-2 3 3',
  filter: 'M2 3.5h12L9.5 9v4l-3-1.5V9z',
  help: 'M6 6.2a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M8 11.7h.01M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
} as const;

export type IconName = keyof typeof PATHS;

/**
 * A small drawing that goes with words, and says nothing by itself.
 * @param props which
 * @param props.name of the drawing
 * @returns the drawing
 */
export function Icon({ name }: { readonly name: IconName }): preact.JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
