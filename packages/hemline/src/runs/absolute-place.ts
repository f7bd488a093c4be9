import { resolve } from 'node:path';

/**
 * A place as a record keeps it: whoever reads the record may be in another folder.
 * @param place path, from the current folder or absolute, or URL
 * @returns absolute path, or the URL as it is
 */
export function absolutePlace(place: string): string {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(place) ? place : resolve(place);
}
