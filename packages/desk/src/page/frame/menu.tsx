import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

/**
 * A button that opens a small panel beneath it. The panel closes by Escape, by a click elsewhere, and when the focus leaves it.
 * @param props what it is
 * @param props.label of the button
 * @param props.name of the panel for screen readers
 * @param props.isActive whether something in it is set
 * @param props.children the panel's content; `close` closes it
 * @param props.align at which edge of the button the panel begins
 * @returns button and panel
 */
export function Menu(props: {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly isActive?: boolean;
  readonly align?: 'left' | 'right';
  readonly children: (close: () => void) => ComponentChildren;
}): preact.JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    const first = root.current!.querySelector<HTMLElement>(
      '.menu-panel input, .menu-panel button, .menu-panel a',
    );
    first?.focus();
    const elsewhere = (event: Event): void => {
      if (!root.current!.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, [isOpen]);
  return (
    <div
      class="menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        class={props.isActive ? 'chip active' : 'chip'}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panel : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {props.label}
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class={`menu-panel ${props.align ?? 'left'}`} id={panel} role="group" aria-label={props.name}>
          {props.children(close)}
        </div>
      )}
    </div>
  );
}
