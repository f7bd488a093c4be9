import type { RunEvent, Tiding } from '@hemline/runs';
import { showCell } from './table.ts';

/**
 * Something that a run has told, for people.
 * @param tiding event or measurement
 * @returns one line: time (UTC), step, what happened
 */
export function tidingText(tiding: Tiding): string {
  if (tiding.kind === 'event') return `${timeText(tiding.event.at)}  ${eventText(tiding.event)}`;
  const { at, step, name, value, notFinite, done, total, unit } = tiding.measurement;
  const place = done === null ? '' : `  (${done}${total === null ? '' : ` of ${total}`} ${unit ?? ''})`;
  return `${timeText(at)}  ${step}: ${name} ${showCell(value ?? notFinite)}${place}`;
}

function timeText(at: string): string {
  return at.slice(11, 19);
}

function eventText(event: RunEvent): string {
  switch (event.type) {
    case 'opened':
      return `run ${event.run}: ${event.command.join(' ') || event.kind}`;
    case 'resumed':
      return 'the run goes on in another process';
    case 'parameters':
      return `parameters ${pairs(event.parameters)}`;
    case 'input':
      return `reads ${event.input.name}: ${event.input.url}`;
    case 'image':
      return `image ${event.image.name}: ${event.image.uri}`;
    case 'step started':
      return `${event.step}: started`;
    case 'step finished':
      return `${event.step}: finished`;
    case 'step memory':
      return `${event.step}: ${Math.round(event.peakBytes / 2 ** 20)} MiB of memory at most`;
    case 'step skipped':
      return `${event.step}: skipped, ${event.reason}`;
    case 'step failed':
      return `! ${event.step}: failed, ${event.error.message}`;
    case 'step retried':
      return `! ${event.step}: failed and is tried again, ${event.error.message}`;
    case 'step fell back':
      return `! ${event.step}: ${event.to} stands in, ${event.reason}`;
    case 'metrics': {
      const all = event.metrics.map(({ name, value, notFinite }) => [name, showCell(value ?? notFinite)]);
      return `${event.metrics[0]?.step ?? 'the run'}: ${pairs(Object.fromEntries(all) as Record<string, string>)}`;
    }
    case 'version':
      return `${event.version.model}${event.version.version === null ? '' : ` version ${event.version.version}`}: ${event.version.role}`;
    case 'output':
      return `wrote ${event.output.name}: ${event.output.url}`;
    case 'problem':
      return `! ${event.step === null ? '' : `${event.step}: `}${event.message}`;
    case 'finished':
      return `ended: ${event.outcome}`;
  }
}

function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
