/** Browsers cut elements off at 17 to 33 million pixels: a list that would be taller is drawn on a shorter one. */
export const TALLEST = 10_000_000;

/** Near either end a pixel of the bar is a pixel of the list, so that the first and the last rows are reached exactly. */
const EXACT = 200_000;

/** How positions in the list and places of the scroll bar belong together, in pixels. */
export interface ScrollMapping {
  /** Of the list, were there no limit. */
  readonly listHeight: number;
  /** Of the element that scrolls. */
  readonly barHeight: number;
  readonly viewport: number;
}

/** Where a list is: the row position that is seen at the top edge, and where the scroll bar was then. */
export interface ScrollPlace {
  readonly position: number;
  readonly scrollTop: number;
}

/**
 * @param rows of the list
 * @param rowHeight in pixels
 * @param viewport height of what is seen of the list, in pixels
 * @returns how positions and the scroll bar belong together
 */
export function scrollMapping(rows: number, rowHeight: number, viewport: number): ScrollMapping {
  const listHeight = Math.max(0, rows * rowHeight);
  return { listHeight, barHeight: Math.min(listHeight, TALLEST), viewport: Math.max(0, viewport) };
}

/**
 * The position that a place of the bar stands for: one to one near both ends, and steeper between.
 * @param mapping of the list
 * @param scrollTop of the bar
 * @returns pixels from the top of the list
 */
export function positionOf(mapping: ScrollMapping, scrollTop: number): number {
  const { last, lastTop, exact } = ends(mapping);
  const top = Math.min(Math.max(scrollTop, 0), lastTop);
  if (last === lastTop || top <= exact) return Math.min(top, last);
  if (top >= lastTop - exact) return last - (lastTop - top);
  return exact + ((top - exact) * (last - 2 * exact)) / (lastTop - 2 * exact);
}

/**
 * The inverse of `positionOf`.
 * @param mapping of the list
 * @param position pixels from the top of the list
 * @returns the place of the bar
 */
export function scrollTopOf(mapping: ScrollMapping, position: number): number {
  const { last, lastTop, exact } = ends(mapping);
  const at = Math.min(Math.max(position, 0), last);
  if (last === lastTop || at <= exact) return at;
  if (at >= last - exact) return lastTop - (last - at);
  return exact + ((at - exact) * (lastTop - 2 * exact)) / (last - 2 * exact);
}

/**
 * Where the list is after its bar was moved. Wheels, fingers and keys move it by less than a few views, and the list moves by the same
 * pixels; whoever drags the bar jumps, and sees what the place stands for.
 * @param mapping of the list
 * @param before the bar was moved
 * @param scrollTop of the bar now
 * @returns where the list is now
 */
export function scrolled(mapping: ScrollMapping, before: ScrollPlace, scrollTop: number): ScrollPlace {
  const { last, lastTop } = ends(mapping);
  const moved = scrollTop - before.scrollTop;
  const isJump = Math.abs(moved) > mapping.viewport * 4;
  const isAtEnd = scrollTop <= 0 || scrollTop >= lastTop;
  if (isJump || isAtEnd || last === lastTop) return { position: positionOf(mapping, scrollTop), scrollTop };
  return { position: Math.min(Math.max(before.position + moved, 0), last), scrollTop };
}

/**
 * @param mapping of the list
 * @param rowHeight in pixels
 * @param position at the top edge
 * @param overscan rows more on either side
 * @returns the first row to draw and the row after the last
 */
export function rowsInView(
  mapping: ScrollMapping,
  rowHeight: number,
  position: number,
  overscan: number,
): { readonly first: number; readonly end: number } {
  const rows = Math.round(mapping.listHeight / rowHeight);
  const first = Math.max(0, Math.floor(position / rowHeight) - overscan);
  const end = Math.min(rows, Math.ceil((position + mapping.viewport) / rowHeight) + overscan);
  return { first: Math.min(first, end), end };
}

/**
 * @param mapping of the list
 * @param rowHeight in pixels
 * @param position at the top edge
 * @param row that is to be seen
 * @returns the nearest position at which the whole row is seen
 */
export function positionToShow(
  mapping: ScrollMapping,
  rowHeight: number,
  position: number,
  row: number,
): number {
  const top = row * rowHeight;
  if (top < position) return top;
  const below = top + rowHeight - mapping.viewport;
  return below > position ? Math.max(0, below) : position;
}

/** The last positions of list and bar, and how far from the ends they go one to one. */
function ends({ listHeight, barHeight, viewport }: ScrollMapping): {
  readonly last: number;
  readonly lastTop: number;
  readonly exact: number;
} {
  const last = Math.max(0, listHeight - viewport);
  const lastTop = Math.max(0, barHeight - viewport);
  return { last, lastTop, exact: Math.min(EXACT, lastTop / 4) };
}
