import { pathToFileURL } from 'node:url';

/**
 * What a record calls a place, so that it means the same from whatever folder it is read.
 * @param place path or URL
 * @returns its URL
 */
export function urlOf(place: string): string {
  return /^(s3:\/\/|file:)/.test(place) ? place : pathToFileURL(place).href;
}
