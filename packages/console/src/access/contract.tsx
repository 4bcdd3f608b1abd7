import type { ContractFile, OfferedAction } from '@connectorkit/harness';
import { useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Facts, Panel } from '../parts/panel.tsx';
import { ErrorState, Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { type Resource, useAction } from '../resource.ts';
import { addressOf } from '../routes.ts';
import { actionWords, stateWords } from './words.ts';

/** A contract with the actions of a role, its terms, tiers, history and notices. */
export function ContractPanel({ platform, role, file, done }: ContractPanelProps) {
  return (
    <Panel
      title="Contract"
      actions={
        <a class="button" href={addressOf(['access', platform], { role })}>
          Close
        </a>
      }
    >
      <Loaded of={file}>
        {({ contract }) => (
          <>
            <Facts
              of={[
                ['Application', contract.application.name],
                ['API', contract.api.name],
                [
                  'State',
                  <span key="state" class={contract.waits ? 'badge waiting' : 'badge'}>
                    {stateWords(contract.state)}
                  </span>,
                ],
                ...(contract.environment === null ? [] : [['Environment', contract.environment] as const]),
                ...(contract.tier === null ? [] : [['Tier', contract.tier] as const]),
                ...(contract.requestedTier === null ? [] : [['Requested tier', contract.requestedTier] as const]),
                ...(contract.requestedBy === null ? [] : [['Requested by', contract.requestedBy] as const]),
                ...(contract.description === '' ? [] : [['Description', contract.description] as const]),
                ['Id', <code key="id">{contract.id}</code>],
              ]}
            />
            <Actions
              key={`${contract.id} ${contract.state} ${role}`}
              platform={platform}
              role={role}
              contract={contract}
              done={done}
            />
            <Belongings contract={contract} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

interface ContractPanelProps {
  readonly platform: string;
  readonly role: string;
  readonly file: Resource<{ readonly contract: ContractFile }>;
  /** Called after an action. */
  readonly done: () => void;
}

/** The actions that the platform allows the role now, and no other. */
function Actions({
  platform,
  role,
  contract,
  done,
}: Omit<ContractPanelProps, 'file'> & { readonly contract: ContractFile }) {
  const { id, actions, tiers } = contract;
  const [comment, setComment] = useState('');
  const [tier, setTier] = useState('');
  const [asked, setAsked] = useState<OfferedAction>();
  const act = useAction(async (name: string) => {
    const details = { ...(comment !== '' && { comment }), ...(tier !== '' && { tier }) };
    setAsked(undefined);
    await ask('POST', `/platforms/${platform}/access/${encodeURIComponent(id)}/${name}`, { role, ...details });
    done();
  });
  const takes = (detail: 'comment' | 'tier') => actions.some((each) => each.takes.includes(detail));
  if (actions.length === 0) return <p class="quiet">{role} has no actions on it in this state.</p>;
  return (
    <section class="acting" aria-label="Actions">
      {takes('tier') && (
        <label>
          Tier
          <select value={tier} onChange={({ currentTarget }) => setTier(currentTarget.value)}>
            <option value="">As requested</option>
            {tiers.map(({ id: each, name }) => (
              <option key={each} value={each}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {takes('comment') && (
        <label>
          Comment
          <input type="text" value={comment} onInput={({ currentTarget }) => setComment(currentTarget.value)} />
        </label>
      )}
      <div class="actions">
        {actions.map((action) => (
          <button
            key={action.name}
            type="button"
            class={action.final ? 'danger' : undefined}
            disabled={act.busy || (action.needs.includes('tier') && tier === '')}
            onClick={() => (action.final ? setAsked(action) : act.run(action.name))}
          >
            {actionWords(action.name)}
          </button>
        ))}
      </div>
      {act.error !== undefined && <ErrorState error={act.error} />}
      {asked !== undefined && (
        <Confirm
          title={`${actionWords(asked.name)} this contract?`}
          action={actionWords(asked.name)}
          confirm={() => act.run(asked.name)}
          close={() => setAsked(undefined)}
        >
          <p>No action leads back.</p>
        </Confirm>
      )}
    </section>
  );
}

function Belongings({ contract: { legals, tiers, history, notices } }: { readonly contract: ContractFile }) {
  return (
    <>
      {legals.length > 0 && (
        <Panel title="Legal terms" level={3}>
          <ul>
            {legals.map(({ title, accepted }) => (
              <li key={title}>
                {title}{' '}
                <span class={accepted ? 'badge good' : 'badge warning'}>{accepted ? 'accepted' : 'not accepted'}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {tiers.length > 0 && (
        <Panel title="Tiers" level={3}>
          <ul>
            {tiers.map(({ id, name, status, automatic, limits }) => (
              <li key={id}>
                {name}
                {limits
                  .map(({ requests, milliseconds }) => `, ${requests} requests in ${milliseconds / 1000} s`)
                  .join('')}
                {automatic ? ', approved automatically' : ', approved by hand'}
                {status === 'ACTIVE' ? '' : `, ${status.toLowerCase()}`}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="History" level={3}>
        {history.length === 0 ? (
          <p class="quiet">Nothing happened since it was seeded.</p>
        ) : (
          <ol>
            {history.map(({ at, action, from, to, by, comment }, index) => (
              <li key={index}>
                {actionWords(action)}: {from === null ? '' : `${stateWords(from)} → `}
                {stateWords(to)}{' '}
                <span class="quiet">
                  <Time of={at} />, {by === '' ? 'the platform' : by}
                </span>
                {comment !== undefined && <blockquote>{comment}</blockquote>}
              </li>
            ))}
          </ol>
        )}
      </Panel>
      {notices.length > 0 && (
        <Panel title="Notices" level={3}>
          <ul>
            {notices.map(({ at, to, subject, text, state }, index) => (
              <li key={index}>
                {subject}: {text}{' '}
                <span class="quiet">
                  <Time of={at} />, to {to}, {state}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
