import { useEffect } from 'preact/hooks';
import type { Notice } from './desk.ts';
import { Icon } from './icon.tsx';
import { texts } from '../texts/texts.ts';

const SEEN_MILLISECONDS = 8000;

/**
 * What has just happened, at the lower edge, with what can be done about it. Refusals stay until they are sent away.
 * @param props what to say
 * @param props.notices the newest last
 * @param props.drop takes one away
 * @returns the notices
 */
export function Notices({
  notices,
  drop,
}: {
  readonly notices: readonly (Notice & { readonly id: number })[];
  readonly drop: (id: number) => void;
}): preact.JSX.Element {
  return (
    <div class="notices" role="log" aria-live="polite">
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} drop={() => drop(notice.id)} />
      ))}
    </div>
  );
}

function OneNotice({
  notice,
  drop,
}: {
  readonly notice: Notice;
  readonly drop: () => void;
}): preact.JSX.Element {
  useEffect(() => {
    if (notice.kind === 'failed') return undefined;
    const timer = setTimeout(drop, SEEN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={`notice-card ${notice.kind}`} role={notice.kind === 'failed' ? 'alert' : undefined}>
      <Icon name={notice.kind === 'failed' ? 'warning' : 'check'} />
      <span>{notice.text}</span>
      {notice.action !== undefined && (
        <button
          type="button"
          onClick={() => {
            notice.action!.run();
            drop();
          }}
        >
          {notice.action.name}
        </button>
      )}
      <button type="button" class="icon-button" aria-label={texts.errors.dismiss} onClick={drop}>
        <Icon name="close" />
      </button>
    </div>
  );
}
