import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of a view; `actions` stand beside the title. */
export function Panel({ title, actions, children, level = 2 }: PanelProps) {
  const id = useId();
  const Heading = `h${level}` as 'h2';
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <Heading id={id}>{title}</Heading>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

interface PanelProps {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  /** Of the heading (default: 2). */
  readonly level?: 2 | 3;
}

/** Names with their values. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
