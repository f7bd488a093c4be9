import type { MetricName } from './step-services.ts';

/**
 * A metric of a stage in CloudWatch's embedded metric format: a log line that the alarms of the stage are set on.
 * @param stage of the deployment
 * @param name of the metric
 * @param value of it, finite
 * @param dimensions besides the stage
 * @returns one line of JSON
 */
export function stageMetric(
  stage: string,
  name: MetricName,
  value: number,
  dimensions: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'hemline',
          Dimensions: [['stage', ...Object.keys(dimensions)]],
          Metrics: [{ Name: name, Unit: 'None' }],
        },
      ],
    },
    stage,
    ...dimensions,
    [name]: value,
  });
}
