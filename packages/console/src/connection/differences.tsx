import { Panel } from '../parts/panel.tsx';
import { Loaded } from '../parts/states.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { type Answers, pathOf } from './answers.ts';

/** How the pushed sections differ from the files of the project, or from a snapshot. */
export function Differences({ name, query }: { readonly name: string; readonly query: URLSearchParams }) {
  const snapshots = useAnswer<Answers['snapshots']>('/snapshots');
  const against = query.get('against');
  const choose = (value: string) => {
    const section = query.get('section') ?? undefined;
    go(addressOf(['connections', name], { section, against: value === '' ? undefined : value }), { replaces: true });
  };
  return (
    <Panel
      title="Differences"
      actions={
        <label>
          Compare with{' '}
          <select value={against ?? ''} onChange={({ currentTarget: { value } }) => choose(value)}>
            <option value="">nothing</option>
            <option value="files">the files of the project</option>
            {snapshots.value?.snapshots.map((each) => (
              <option key={each} value={`snapshot:${each}`}>
                snapshot {each}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {against === null ? (
        <p class="quiet">Shows what a push would change, or what was changed since a snapshot.</p>
      ) : (
        <Compared name={name} against={against} />
      )}
    </Panel>
  );
}

function Compared({ name, against }: { readonly name: string; readonly against: string }) {
  const [, snapshot] = /^snapshot:(.*)$/s.exec(against) ?? [];
  const search = snapshot === undefined ? '' : `?${new URLSearchParams({ snapshot })}`;
  const differences = useAnswer<Answers['differences']>(`${pathOf('connections', name, 'differences')}${search}`);
  return (
    <Loaded of={differences}>
      {({ differences: { sections } }) =>
        sections.length === 0 ? (
          <p>Nothing differs.</p>
        ) : (
          <>
            <p class="quiet">
              {snapshot === undefined
                ? 'What a push would change: − on the platform, + in the files.'
                : 'What changed since the snapshot: − in the snapshot, + now.'}
            </p>
            {sections.map(({ name: section, lines }) => (
              <section key={section} aria-label={`Differences in ${section}`}>
                <h3>{section}</h3>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
                <pre class="diff" tabIndex={0}>
                  {lines.map((line, index) => (
                    <span key={index} class={KINDS[line[0] ?? '']}>
                      {`${line}\n`}
                    </span>
                  ))}
                </pre>
              </section>
            ))}
          </>
        )
      }
    </Loaded>
  );
}

/** First character of a line of a diff → its class. */
const KINDS: Readonly<Partial<Record<string, string>>> = { '+': 'added', '-': 'removed', '@': 'place' };
