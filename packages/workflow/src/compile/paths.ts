import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { LOCATIONS, type LocationName } from '../declaration/locations.ts';

/**
 * A path of a state's input, as text.
 * @param path such as `$.run`
 * @returns a token for a definition
 */
export function at(path: string): string {
  return sfn.JsonPath.stringAt(path);
}

/**
 * The URI of a location, put together while the execution runs.
 * @param bucket name
 * @param name of the location
 * @param values texts, or paths of the state's input
 * @returns a token for a definition
 */
export function locationUri(
  bucket: string,
  name: LocationName,
  values: Readonly<Record<string, string>>,
): string {
  const paths: string[] = [bucket];
  const format = LOCATIONS[name].replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key]!;
    if (!sfn.JsonPath.isEncodedJsonPath(value)) return value;
    paths.push(value);
    return '{}';
  });
  return sfn.JsonPath.format(`s3://{}/${format}`, ...paths);
}
