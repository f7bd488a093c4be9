import type { JobFacts } from './job-facts.ts';

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
