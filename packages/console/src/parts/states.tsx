import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { HarnessError } from '../harness.ts';
import type { Resource } from '../resource.ts';
import { Diagnostics } from './diagnostics.tsx';

/** Says that something is loaded, once that takes long enough to be noticed. */
export function LoadingState({ what = 'Loading…' }: { readonly what?: string }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="state" role="status">
      {isLate ? what : ''}
    </p>
  );
}

/** Says that there is nothing yet, and in its content what to do for that. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="state empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}

/** An error in the words of the harness, with its diagnostics. */
export function ErrorState({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const diagnostics = error instanceof HarnessError ? error.diagnostics : [];
  return (
    <div class="state error" role="alert">
      {diagnostics.length === 0 ? <p>{error.message}</p> : <Diagnostics of={diagnostics} />}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shows a resource once it is there: loading, then its error or its value. */
export function Loaded<Value>({
  of,
  children,
}: {
  readonly of: Resource<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) {
  if (of.error !== undefined) return <ErrorState error={of.error} retry={of.reload} />;
  return of.value === undefined ? <LoadingState /> : children(of.value);
}
