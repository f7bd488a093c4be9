import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from '../frame/icon.tsx';
import { texts } from '../texts/texts.ts';

/**
 * A dialogue over the page. The browser's own: it keeps the focus inside, gives it back at the end, and closes by Escape.
 * @param props what is in it
 * @param props.title its heading
 * @param props.close called when it was closed
 * @param props.children its content
 * @param props.isWide whether it needs room
 * @returns the dialogue
 */
export function Dialogue(props: {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
}): preact.JSX.Element {
  const dialogue = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const opened = dialogue.current!;
    const before = document.activeElement;
    opened.showModal();
    return () => {
      opened.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialogue}
      class={props.isWide ? 'dialogue wide' : 'dialogue'}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => {
        if (event.target === dialogue.current) props.close();
      }}
    >
      <div class="sheet">
        <header>
          <h2 id={title}>{props.title}</h2>
          <button type="button" class="icon-button" aria-label={texts.close} onClick={props.close}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
