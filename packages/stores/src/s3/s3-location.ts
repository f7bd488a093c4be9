import { ConfigurationError } from '@hemline/core';

/** A bucket and a key, or the prefix of keys. */
export interface S3Location {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly key: string;
}

/**
 * @param url such as `s3://bucket/prefix`
 * @returns bucket and key
 * @throws ConfigurationError when there is no bucket in it
 */
export function parseS3Url(url: string): S3Location {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url);
  if (match === null)
    throw new ConfigurationError('an S3 address cannot be understood', {
      expected: 's3://bucket/key',
      found: url,
    });
  return { bucket: match[1]!, key: (match[2] ?? '').replace(/\/+$/, '') };
}
