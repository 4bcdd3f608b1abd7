import type { ConnectableConnection, InstanceOutcome, PushedSections } from '@connectorkit/harness';
import type { Diagnostic } from '@connectorkit/sdk';
import { useId, useState } from 'preact/hooks';
import type { Values } from '../form/fields.ts';
import { Fields } from '../form/form.tsx';
import { ask, HarnessError } from '../harness.ts';
import { Panel } from '../parts/panel.tsx';
import { ErrorState } from '../parts/states.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useAction } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { pathOf } from './answers.ts';
import { Trace } from './trace.tsx';

/** The forms of a connection: as its users see it when they connect and when they edit, and as administrators do. */
export function Forms({ connection, pushed, chosen }: FormsProps) {
  const { name } = connection;
  const tabs = [
    { value: 'connect', title: 'Connect' },
    { value: 'edit', title: 'Edit' },
    ...(pushed.installForm.length > 0 ? [{ value: 'install', title: 'Install (administrator)' }] : []),
  ];
  const { value } = tabs.find((each) => each.value === chosen) ?? { value: 'connect' };
  return (
    <>
      <Tabs label="Forms" parts={['try', name]} name="form" chosen={value} tabs={tabs} />
      {value === 'connect' && <ConnectForm connection={connection} />}
      {value === 'edit' && (
        <Preview of={connection.form} editing words="Fields that users can change after connecting." />
      )}
      {value === 'install' && (
        <Preview
          of={pushed.installForm}
          editing={false}
          words="What an administrator fills in when the app is installed."
        />
      )}
    </>
  );
}

interface FormsProps {
  readonly connection: ConnectableConnection;
  readonly pushed: PushedSections;
  readonly chosen: string | undefined;
}

/** A form that is only looked at. */
function Preview({ of, editing, words }: PreviewProps) {
  const [values, set] = useState<Values>({});
  return (
    <>
      <p class="quiet">{words} Nothing is sent.</p>
      <form class="form" noValidate onSubmit={(event) => event.preventDefault()}>
        <Fields of={of} values={values} set={set} problems={[]} editing={editing} />
      </form>
    </>
  );
}

interface PreviewProps {
  readonly of: readonly unknown[];
  readonly editing: boolean;
  readonly words: string;
}

function ConnectForm({ connection }: { readonly connection: ConnectableConnection }) {
  const { form, label } = connection;
  const [values, set] = useState<Values>({});
  const [title, setTitle] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [local, setLocal] = useState(true);
  const [id, help] = [useId(), useId()];
  const { busy, error, outcome, connect } = useConnect(connection.name);
  const failed = error instanceof HarnessError ? error : undefined;
  const fields = (failed?.diagnostics ?? []).filter(({ file, path }) => file === undefined && path !== undefined);
  const trace = (failed?.body as InstanceOutcome | undefined)?.trace;
  if (outcome?.authorization !== undefined) return <Consent outcome={outcome} name={connection.name} />;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Without values of their own, users of the local provider are the demo user.
        const parameters = local && Object.keys(values).length === 0 ? {} : { parameters: values };
        connect({ ...parameters, scopes, local, ...(title !== '' && { name: title }) });
      }}
    >
      <div class="field">
        <label for={id}>Connection name</label>
        <input
          id={id}
          value={title}
          placeholder={label}
          onInput={({ currentTarget }) => setTitle(currentTarget.value)}
        />
      </div>
      <Fields of={form} values={values} set={set} problems={fields} editing={false} />
      <Scopes of={connection.scopes} chosen={scopes} choose={setScopes} />
      <div class="field">
        <label class="option">
          <input
            type="checkbox"
            checked={local}
            onChange={({ currentTarget }) => setLocal(currentTarget.checked)}
            aria-describedby={help}
          />{' '}
          Use the local provider in place of the vendor
        </label>
        <p id={help} class="help">
          No account is needed: leave the form empty to connect as the demo user. Otherwise requests go to the real API,
          and the redirect URI to register with it is <code>{connection.redirectUri}</code>.
        </p>
      </div>
      <div class="actions">
        <button type="submit" class="primary" disabled={busy}>
          {busy ? 'Connecting…' : 'Connect'}
        </button>
      </div>
      {error !== undefined && <ErrorState error={error} />}
      {trace !== undefined && (
        <Panel title="Trace">
          <Trace of={trace} connection={connection.name} />
        </Panel>
      )}
    </form>
  );
}

/** Connects, and goes to the instance once it is connected. */
function useConnect(name: string) {
  const [outcome, setOutcome] = useState<InstanceOutcome>();
  const { busy, error, run } = useAction(async (given: object) => {
    const answer = await ask<InstanceOutcome>('POST', pathOf('connections', name, 'instances'), given);
    setOutcome(answer);
    if (answer.authorization !== undefined || answer.instance === undefined) return;
    go(addressOf(['try', name, answer.instance.id]));
  });
  return { busy, error, outcome, connect: run };
}

/** Sends the user to the provider. The page there is another window; this one goes on when it has come back. */
export function Consent({ outcome, name }: { readonly outcome: InstanceOutcome; readonly name: string }) {
  const { authorization, instance } = outcome;
  const url = authorization?.url ?? '';
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url);
  return (
    <Panel title="Agree with the provider">
      {isWeb ? (
        <>
          <p>
            The provider at <strong>{new URL(url).origin}</strong> asks you to sign in and to agree. Its page opens in
            another tab. The demo user of the local provider is <code>demo</code> with the password{' '}
            <code>demo-password</code>.
          </p>
          <a
            class="button primary"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            onClick={() => instance && go(addressOf(['try', name, instance.id]))}
          >
            Continue with the provider
          </a>
        </>
      ) : (
        <p role="alert">The authorization URL leads to no web page: {url}</p>
      )}
    </Panel>
  );
}

function Scopes({ of, chosen, choose }: ScopesProps) {
  const all = Object.entries(of);
  if (all.length === 0) return null;
  return (
    <fieldset class="field">
      <legend>Additional scopes</legend>
      {all.map(([scope, words]) => (
        <label key={scope} class="option">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ currentTarget }) =>
              choose(currentTarget.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
            }
          />{' '}
          <code>{scope}</code> {words}
        </label>
      ))}
    </fieldset>
  );
}

interface ScopesProps {
  readonly of: Readonly<Record<string, string>>;
  readonly chosen: readonly string[];
  readonly choose: (scopes: readonly string[]) => void;
}

/** Errors in the sections, for which a connection is not run. */
export function errorsOf({ diagnostics }: ConnectableConnection): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}
