import { ConfigurationError } from '@hemline/core';
import { MlflowClient, type MlflowSigner } from './mlflow-client.ts';
import { MlflowMirror } from './mlflow-mirror.ts';
import { sageMakerServer } from './sagemaker-server.ts';

/** Experiment that runs are in unless `MLFLOW_EXPERIMENT_NAME` says otherwise. */
const EXPERIMENT = 'hemline';

/**
 * The mirror of a run, where one is asked for. Credentials are found as MLflow's own clients do: `MLFLOW_TRACKING_TOKEN`, or
 * `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`; for the ARN of a tracking server on SageMaker, those of the AWS SDK.
 * @param directory of the run
 * @param url of `--mlflow`; by default `MLFLOW_TRACKING_URI`
 * @param environment of the process
 * @returns the mirror; null where none is asked for
 * @throws ConfigurationError when the URL is none that this can reach
 */
export function openMlflow(
  directory: string,
  url: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): MlflowMirror | null {
  const place = url ?? environment['MLFLOW_TRACKING_URI'] ?? '';
  if (place === '') return null;
  const server = place.startsWith('arn:')
    ? sageMakerServer(place, environment)
    : { url: checked(place), sign: credentials(environment) };
  return new MlflowMirror({
    client: new MlflowClient(server),
    url: place,
    experiment: environment['MLFLOW_EXPERIMENT_NAME'] ?? EXPERIMENT,
    directory,
  });
}

function checked(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new ConfigurationError('runs cannot be mirrored there', {
    expected: 'the http(s) URL of an MLflow tracking server, or the ARN of one on SageMaker',
    found: url,
    remedy: 'Give --mlflow or MLFLOW_TRACKING_URI such a value, or neither.',
  });
}

function credentials(environment: NodeJS.ProcessEnv): MlflowSigner {
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  const user = environment['MLFLOW_TRACKING_USERNAME'];
  const password = environment['MLFLOW_TRACKING_PASSWORD'];
  const headers: Record<string, string> = {};
  if (user !== undefined && password !== undefined)
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  else if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return async () => headers;
}
