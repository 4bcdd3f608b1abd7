import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

/** A dialog, which keeps the focus until it is closed. It is shown as long as it is rendered. */
export function Dialog({ title, close, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // With the commit, so that no key press finds the dialog shown but not open, or gone and nothing with the focus.
  useLayoutEffect(() => {
    const { current } = dialog;
    const before = document.activeElement as HTMLElement | null;
    current?.showModal();
    return () => {
      current?.close();
      before?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={close}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface DialogProps {
  readonly title: string;
  /** Called for Escape. */
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, action, confirm, close, children }: ConfirmProps) {
  return (
    <Dialog title={title} close={close}>
      {children}
      <div class="actions">
        <button type="button" onClick={close}>
          Go back
        </button>
        <button type="button" class="danger" onClick={confirm}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}

interface ConfirmProps extends DialogProps {
  /** Words on the button that does it. */
  readonly action: string;
  readonly confirm: () => void;
}
