import type { ComponentChildren } from 'preact';
import { moveByArrows } from './arrows.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** True if it is left out where there is little room. */
  readonly minor?: boolean;
}

/**
 * A table. The first column should hold the row's link or button: the arrow keys move between these. It scrolls by itself
 * where it is too wide.
 */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table onKeyDown={moveByArrows('tbody tr td:first-child :is(a, button)')}>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, minor }) => (
              <th key={title} scope="col" class={minor ? 'minor' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, minor }) => (
                <td key={title} class={minor ? 'minor' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface TableProps<Row> {
  /** Names the table for whoever does not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}
