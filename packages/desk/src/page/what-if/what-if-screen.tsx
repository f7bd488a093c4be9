import { useEffect, useState } from 'preact/hooks';
import type { FrontierAnswer } from '../../api/index.ts';
import { Chart } from '../article/chart.tsx';
import { useDesk } from '../frame/desk.ts';
import { boundsOf, showOf } from '../list/limit-words.ts';
import { texts } from '../texts/texts.ts';
import { nearestPoint, ordered } from './frontier-point.ts';

const POLL_MILLISECONDS = 1500;

/**
 * Moves a limit along its frontier.
 * @returns the screen
 */
export function WhatIfScreen(): preact.JSX.Element {
  const { limits, client, fail, common } = useDesk();
  const [name, setName] = useState<string | null>(null);
  const [answer, setAnswer] = useState<FrontierAnswer | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const limit = limits.find((one) => one.name === name) ?? limits[0];
  const asked = limit?.name;
  useEffect(() => {
    if (asked === undefined) return undefined;
    const abort = new AbortController();
    let timer = 0;
    setAnswer(null);
    setPlace(null);
    const look = (): void => {
      client.get<FrontierAnswer>(`/api/frontier?limit=${encodeURIComponent(asked)}`, abort.signal).then(
        (next) => {
          setAnswer(next);
          if (next.state === 'running') timer = window.setTimeout(look, POLL_MILLISECONDS);
        },
        (error: unknown) => {
          if (!abort.signal.aborted) fail(error);
        },
      );
    };
    look();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [asked]);
  if (limit === undefined)
    return (
      <main class="screen" id="main" tabIndex={-1}>
        <h1>{texts.whatIf.title}</h1>
        <p class="empty-note">{texts.whatIf.noLimits}</p>
      </main>
    );
  const show = showOf(limit, common);
  const points = ordered(answer?.points ?? []);
  const set = limit.upper ?? limit.lower ?? limit.now ?? 0;
  const now = nearestPoint(points, set);
  const index = place ?? (now === null ? 0 : points.indexOf(now));
  const at = points[Math.min(index, points.length - 1)] ?? null;
  const x = points.map(({ value }) => value);
  const measures = [
    {
      key: 'profit',
      name: texts.whatIf.profit,
      show: common.money,
      short: common.short,
      change: common.change,
    },
    {
      key: 'discountRate',
      name: texts.whatIf.discountRate,
      show: common.percent,
      short: common.percent,
      change: (value: number) => common.points(value),
    },
    {
      key: 'unitsLeft',
      name: texts.whatIf.unitsLeft,
      show: common.count,
      short: common.count,
      change: (value: number) => (value > 0 ? '+' : '') + common.count(value),
    },
  ] as const;
  return (
    <main class="screen" id="main" tabIndex={-1}>
      <h1>{texts.whatIf.title}</h1>
      <p class="muted">{texts.whatIf.lead}</p>
      <label class="field inline">
        {texts.whatIf.limit}
        <select value={limit.name} onChange={(event) => setName(event.currentTarget.value)}>
          {limits.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
        <span class="muted">
          {limit.inWords} ({boundsOf(limit, common)})
        </span>
      </label>
      {at === null ? (
        <p class={answer?.state === 'failed' ? 'problem' : 'muted'} role="status">
          {answer === null || answer.state === 'running'
            ? texts.whatIf.computing
            : answer.state === 'failed'
              ? `${texts.whatIf.failed} ${answer.error ?? ''}`
              : texts.whatIf.empty}
        </p>
      ) : (
        <>
          <label class="slider">
            <span>
              {texts.whatIf.value} <b>{show(at.value)}</b>
            </span>
            <input
              type="range"
              min={0}
              max={points.length - 1}
              step={1}
              value={index}
              aria-valuetext={show(at.value)}
              onInput={(event) => setPlace(event.currentTarget.valueAsNumber)}
            />
            <span class="ends muted">
              <span>{show(points[0]!.value)}</span>
              <span>{show(points.at(-1)!.value)}</span>
            </span>
          </label>
          {answer?.state === 'running' && (
            <p class="muted" role="status">
              {texts.whatIf.running}
            </p>
          )}
          <div class="what-if-figures" aria-live="polite">
            {measures.map(({ key, name: title, show: write, change }) => {
              const value = at[key];
              const before = now?.[key] ?? null;
              return (
                <div key={key} class="figure">
                  <span class="figure-name">{title}</span>
                  <span class="figure-value">{write(value)}</span>
                  <span class="figure-sub">
                    {value === null || before === null || at === now
                      ? texts.whatIf.now
                      : texts.whatIf.difference(change(value - before))}
                  </span>
                </div>
              );
            })}
          </div>
          <div class="charts three">
            {measures
              .filter(({ key }) => points.some((point) => point[key] !== null))
              .map(({ key, name: title, show: write, short }) => (
                <Chart
                  key={key}
                  title={texts.whatIf.frontier(title)}
                  xName={texts.whatIf.value}
                  x={x}
                  showX={show}
                  marks={[
                    ...(now === null || now === at
                      ? []
                      : [{ at: now.value, name: texts.whatIf.now, color: '--muted' }]),
                    { at: at.value, name: show(at.value), color: '--c2' },
                  ]}
                  panes={[
                    {
                      height: 170,
                      showY: short,
                      series: [
                        {
                          name: title,
                          values: points.map((point) => point[key]),
                          color: '--c1',
                          show: write,
                        },
                      ],
                    },
                  ]}
                />
              ))}
          </div>
        </>
      )}
    </main>
  );
}
