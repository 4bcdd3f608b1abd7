import type { JSONSchema } from '@connectorkit/sdk/emulator';
import { workato as platform } from '@connectorkit/sdk/platforms/workato';
import {
  answered,
  COUNTED,
  choice,
  flag,
  id,
  list,
  map,
  name,
  object,
  seedOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../../seed-schema.ts';

/** Returns the schema of a seed's thing, as a part of the one that the reference answers. */
function part(thing: string, required: readonly string[], more: Readonly<Record<string, JSONSchema>> = {}) {
  const entries = Object.entries(answered(platform, thing)).map(([field, schema]) => {
    if (typeof schema === 'boolean') return [field, schema];
    if (/^(id|folder_id|parent_id)$/.test(field)) return [field, { ...schema, ...COUNTED }];
    return [field, field.endsWith('_at') ? (schema.type === 'string' ? time : timeOrNull) : schema];
  });
  return object({ ...Object.fromEntries(entries), ...more }, required);
}

const account = {
  folders: list(part('Folder', ['id'])),
  connections: list(
    part('ListedConnection', ['id'], {
      tags: { ...list(text(), 'Handles.'), type: ['array', 'null'] },
      description: textOrNull(),
      runtime: flag('Whether it belongs to a single end user and is listed only when that is asked for.'),
      input: { type: 'object', additionalProperties: true, description: 'Its parameters, which are never answered.' },
    }),
  ),
  recipes: list(part('Recipe', ['id'])),
  tags: list(part('Tag', ['handle'])),
};

const strings = { type: 'object', additionalProperties: text() };

/** Seed of Workato's emulator. Everything has the ids and times that are given. */
export const SEED = seedOf(
  'Workato',
  {
    settings: object(
      {
        rejected_status: choice([400, 409, 422], 'The status of a rejection by active recipes.'),
        failed_credentials: choice(
          ['created', 'refused'],
          'Whether credentials that fail when a connection is created leave it `failed`, or refuse it with 400.',
        ),
        provider_required: flag(
          'Whether a connection needs a provider when it is created, as an older version of the page had it.',
        ),
      },
      [],
      'Readings of what the reference leaves open. Each seed of settings replaces the last.',
    ),
    tokens: list(
      object(
        {
          token: name(),
          workspace: id('Default: 1, the harness’s own.'),
          privileges: list(choice(['oem_vendor']), 'Default: `oem_vendor`.'),
        },
        ['token'],
      ),
    ),
    link_keys: map(
      object({ workspace: id(), public_key: name('SPKI in PEM.') }, ['workspace', 'public_key']),
      'Keys by which the links of embedded pages are checked, by API key.',
    ),
    providers: list(
      object(
        {
          name: name(),
          title: name(),
          parameters: list({ $ref: '#/$defs/parameter' }),
          methods: list(
            object({
              when: { ...strings, description: 'Values of parameters.' },
              needs: list(
                { type: ['string', 'array'], items: text() },
                'Each a parameter, or several of which one will do.',
              ),
              consent: flag('Whether the user agrees on a page of the provider’s: parameters alone authorize nothing.'),
            }),
            'Ways to authenticate: the first whose `when` fits the parameters is taken.',
          ),
          identity: list(text(), 'Parts of the identity, which are joined with a slash; from what a consent tells.'),
        },
        ['name', 'title', 'parameters', 'methods'],
      ),
    ),
    credentials: map(
      list(strings),
      'By provider the only parameters that it accepts from now on. They are kept as secrets.',
    ),
    managed_users: list(
      part('ManagedUser', ['id'], {
        workspace: id('Default: 1, the harness’s own.'),
        home: id('The id of the home folder.'),
        ...account,
      }),
    ),
    workspace: object(
      {
        ...account,
        details: object(
          {
            name: name(),
            created_at: time,
            plan_id: name(),
            current_billing_period_start: time,
            current_billing_period_end: time,
            company_name: textOrNull(),
            location: textOrNull(),
            email: name(),
          },
          [],
          'What is told of it by GET /api/users/me.',
        ),
      },
      [],
      'The workspace’s own things.',
    ),
  },
  {
    parameter: object(
      {
        name: name(),
        label: text(),
        type: choice(['string', 'boolean', 'object'], 'Default: `string`.'),
        secret: flag(),
        optional: flag(),
        hint: text(),
        default: text(),
        options: list(text()),
        properties: list({ $ref: '#/$defs/parameter' }),
      },
      ['name', 'label'],
    ),
  },
);
