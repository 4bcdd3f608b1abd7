import { addressOf } from '../routes.ts';
import { moveByArrows } from './arrows.ts';

/** Links that choose what is shown below: places of their own, so that each can be linked to. */
export function Tabs({ label, parts, name, chosen, tabs }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      <ul onKeyDown={moveByArrows('a')}>
        {tabs.map(({ value, title, mark }) => (
          <li key={value}>
            <a href={addressOf(parts, { [name]: value })} aria-current={value === chosen ? 'true' : undefined}>
              {title}
              {mark !== undefined && <span class="count">{mark}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface TabsProps {
  readonly label: string;
  /** Of the place that they belong to. */
  readonly parts: readonly string[];
  /** Name in the query of the address that says which is chosen. */
  readonly name: string;
  readonly chosen: string;
  readonly tabs: readonly { readonly value: string; readonly title: string; readonly mark?: string | number }[];
}
