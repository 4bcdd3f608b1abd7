/** A moment, in the reader's own time zone and language. */
export function Time({ of }: { readonly of: string }) {
  const date = new Date(of);
  if (Number.isNaN(date.getTime())) return <>{of}</>;
  return (
    <time dateTime={of} title={of}>
      {FORMAT.format(date)}
    </time>
  );
}

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
