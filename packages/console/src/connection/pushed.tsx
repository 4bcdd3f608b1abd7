import type { PushedSections } from '@connectorkit/harness';
import { useMemo } from 'preact/hooks';
import { Diagnostics } from '../parts/diagnostics.tsx';
import { Facts, Panel } from '../parts/panel.tsx';
import { Source } from '../parts/source.tsx';
import { Loaded } from '../parts/states.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { type Answers, pathOf } from './answers.ts';
import { Differences } from './differences.tsx';

/** A connection as it was pushed: its sections with what is wrong with them, and how they differ from others. */
export function PushedConnection({ name, query }: { readonly name: string; readonly query: URLSearchParams }) {
  const sections = useAnswer<Answers['sections']>(pathOf('connections', name, 'sections'));
  return (
    <>
      <div class="panel-head">
        <h1>{sections.value?.sections.label ?? name}</h1>
        <a class="button primary" href={addressOf(['try', name])}>
          Try it
        </a>
      </div>
      <Loaded of={sections}>
        {({ sections: pushed }) => (
          <>
            <Facts
              of={[
                ['Name', <code key="name">{pushed.name}</code>],
                ['App', pushed.app],
                ['Type', pushed.type],
                ['Last push', pushed.pushed === undefined ? 'unknown' : <Time key="time" of={pushed.pushed} />],
                ['Version', <code key="version">{pushed.version}</code>],
                ['Values of common', pushed.common.length === 0 ? 'none' : pushed.common.join(', ')],
              ]}
            />
            <Sections pushed={pushed} query={query} />
            <Differences name={name} query={query} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Sections({ pushed, query }: { readonly pushed: PushedSections; readonly query: URLSearchParams }) {
  const { name, sections, diagnostics } = pushed;
  const shown = sections.find((each) => each.name === query.get('section')) ?? sections[0];
  const problems = useMemo(() => diagnostics.filter(({ file }) => file === shown?.file), [diagnostics, shown?.file]);
  const [line, column] = [Number(query.get('line')), Number(query.get('column'))];
  if (shown === undefined) return null;
  const files = new Map(sections.map((each) => [each.file, each.name]));
  const tabs = sections.map((each) => {
    const count = diagnostics.filter(({ file }) => file === each.file).length;
    return { value: each.name, title: each.name, ...(count > 0 && { mark: count }) };
  });
  return (
    <>
      <Tabs label="Sections" parts={['connections', name]} name="section" chosen={shown.name} tabs={tabs} />
      <p class="quiet">{shown.summary}</p>
      <Source
        key={shown.name}
        text={shown.text}
        label={`Section ${shown.name}`}
        problems={problems}
        place={line > 0 ? { line, column: column || undefined } : undefined}
      />
      {diagnostics.length > 0 && (
        <Panel title="Problems">
          <Diagnostics
            of={diagnostics}
            choose={(each) => go(placeIn(name, files.get(each.file ?? ''), each.line, each.column))}
          />
        </Panel>
      )}
    </>
  );
}

/** Address of a place in a section. */
export function placeIn(name: string, section: string | undefined, line?: number, column?: number): string {
  return addressOf(['connections', name], {
    section,
    line: line === undefined ? undefined : String(line),
    column: column === undefined ? undefined : String(column),
  });
}
