import type { Diagnostic } from '@connectorkit/sdk';

/** Diagnostics as a list: severity, message, place and hint. All of it is shown as text. */
export function Diagnostics({ of, choose }: DiagnosticsProps) {
  return (
    <ul class="diagnostics">
      {of.map((each, index) => (
        <li key={index} class={each.severity}>
          <span class="badge">{each.severity}</span> <span>{each.message}</span>
          {each.line !== undefined && <Place of={each} choose={choose} />}
          {each.hint !== undefined && <p class="hint">{each.hint}</p>}
          <p class="code">
            <code>{each.code}</code>
          </p>
        </li>
      ))}
    </ul>
  );
}

interface DiagnosticsProps {
  readonly of: readonly Diagnostic[];
  /** Shows the place of a diagnostic. */
  readonly choose?: ((diagnostic: Diagnostic) => void) | undefined;
}

function Place({ of, choose }: { readonly of: Diagnostic; readonly choose: DiagnosticsProps['choose'] }) {
  const place = `${of.file === undefined ? '' : `${of.file}:`}${of.line}${of.column === undefined ? '' : `:${of.column}`}`;
  if (choose === undefined) return <span class="place"> {place}</span>;
  return (
    <button type="button" class="link place" onClick={() => choose(of)}>
      {place}
    </button>
  );
}
