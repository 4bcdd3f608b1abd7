import type { Diagnostic } from '@connectorkit/sdk';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Editor, LineAndColumn } from './editor.ts';
import { ErrorState } from './states.tsx';

/** The text of a section in an editor, which is loaded when it is first shown. */
export function Source({ text, label, problems, place }: SourceProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let isOver = false;
    let shown: Editor | undefined;
    import('./editor.ts').then(({ showText }) => {
      if (isOver || host.current === null) return;
      shown = showText(host.current, text, label, problems);
      setEditor(shown);
    }, setError);
    return () => {
      isOver = true;
      shown?.destroy();
    };
  }, [text, label, problems]);
  const { line, column } = place ?? {};
  useEffect(() => {
    if (line !== undefined) editor?.goTo({ line, column });
  }, [editor, line, column]);
  return (
    <>
      {error !== undefined && <ErrorState error={error} />}
      <div class="source" ref={host} />
    </>
  );
}

interface SourceProps {
  readonly text: string;
  /** Name of the editor for whoever does not see it. */
  readonly label: string;
  readonly problems: readonly Diagnostic[];
  /** The place that is shown. */
  readonly place?: LineAndColumn | undefined;
}
