import { UnsupportedError, type AnyModel, type ProgressEvent } from '@hemline/core';

/** Facts that every line of a job carries. */
export interface JobFacts {
  readonly model: string;
  readonly job: string;
  readonly host: string;
}

/** An entry of `AlgorithmSpecification.MetricDefinitions`. */
export interface MetricDefinition {
  readonly Name: string;
  readonly Regex: string;
}

/** Most definitions that a training job may have. */
const MOST_DEFINITIONS = 40;
/** A definition's regular expression has 500 characters at most; escaping may double the name. */
const LONGEST_NAME = 100;

/** What a line of a job's output says; some also say how much memory the job's process has had at most. */
export type TelemetryLine =
  | { readonly kind: 'progress'; readonly event: ProgressEvent; readonly peakMemoryBytes?: number }
  | { readonly kind: 'metric'; readonly name: string; readonly value: number }
  | {
      readonly kind: 'log';
      readonly level: string;
      readonly message: string;
      readonly peakMemoryBytes?: number;
    };

/**
 * The one stable form in which metrics are printed; {@link metricDefinitions} reads it.
 * @param name of the metric
 * @param value of it
 * @returns `hemline_metric name=value;`
 */
export function metricLine(name: string, value: number): string {
  return `hemline_metric ${name}=${value};`;
}

/**
 * The metric definitions of a model's training job: exactly what {@link metricLine} prints.
 * @param model whose metrics are wanted
 * @returns an entry a metric
 * @throws UnsupportedError when there are more than the platform takes
 */
export function metricDefinitions(model: Pick<AnyModel, 'name' | 'trainingMetrics'>): MetricDefinition[] {
  const long = model.trainingMetrics.find((name) => name.length > LONGEST_NAME);
  if (long !== undefined)
    throw new UnsupportedError('the name of a metric is too long', {
      expected: `at most ${LONGEST_NAME} characters`,
      found: `${long} of ${model.name}`,
    });
  if (model.trainingMetrics.length > MOST_DEFINITIONS) {
    throw new UnsupportedError('a model has too many metrics', {
      expected: `at most ${MOST_DEFINITIONS}`,
      found: `${model.trainingMetrics.length} of ${model.name}`,
    });
  }
  return model.trainingMetrics.map((name) => ({
    Name: name,
    Regex: `hemline_metric ${name.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?|NaN|-?Infinity);`,
  }));
}

/** CloudWatch namespace of all metrics. */
const NAMESPACE = 'hemline';

/**
 * A metric in CloudWatch's embedded metric format
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html):
 * a log line from which CloudWatch makes a metric with the model as its dimension.
 * @param facts of the job
 * @param name of the metric
 * @param value of it
 * @param time milliseconds since 1970-01-01
 * @returns one line of JSON
 */
export function embeddedMetric(
  facts: JobFacts,
  name: string,
  value: number,
  time: number = Date.now(),
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [['model']], Metrics: [{ Name: name, Unit: 'None' }] },
      ],
    },
    ...facts,
    [name]: value,
  });
}

/**
 * Reads a line of a job's output: for a parent that draws progress.
 * @param line without line end
 * @returns what it says; null when it is none of ours
 */
export function parseTelemetryLine(line: string): TelemetryLine | null {
  const metric = /^hemline_metric ([^=]+)=(.+);$/.exec(line);
  if (metric !== null) return { kind: 'metric', name: metric[1]!, value: Number(metric[2]) };
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, progress, peakMemoryBytes } = JSON.parse(line) as {
      level?: string;
      msg?: string;
      progress?: ProgressEvent;
      peakMemoryBytes?: number;
    };
    const memory = peakMemoryBytes === undefined ? {} : { peakMemoryBytes };
    if (progress !== undefined) return { kind: 'progress', event: progress, ...memory };
    return level === undefined ? null : { kind: 'log', level, message: msg ?? '', ...memory };
  } catch {
    // Something else that begins with a brace: not ours.
    return null;
  }
}
