import { choice, flag, list, name, object, seedOf, text, textOrNull, time } from '../../seed-schema.ts';
import { ROLES } from './records.ts';
import { STATES } from './workflow.ts';

const ids = (description?: string) => list(name(), description);
const environment = choice(['Sandbox', 'Production']);

/** Seed of Akana's emulator. Everything has the ids that are given. */
export const SEED = seedOf('Akana', {
  settings: object(
    {
      tenant: name('With which every id ends, and the names of the cookies.'),
      csrf_reads: flag('Whether reading wants the header against forgery.'),
      csrf_writes: flag('Whether writing wants the header against forgery.'),
      anonymous_reads: flag('Whether public APIs can be read by anybody.'),
      rss_nesting: choice(
        ['array', 'nested'],
        'How `Endpoints` and `Actions` stand in JSON: as the page says, or as a real client reads them.',
      ),
      session_minutes: { type: 'number', minimum: 0, maximum: 1_000_000_000 },
      address: text('What links to pictures begin with; the host of the request when it is empty.'),
    },
    [],
    'A site’s settings. The tenant is set before anything else, so that all that follows belongs to it.',
  ),
  tokens: list(
    object({ token: name(), roles: list(choice(ROLES), 'Default: all.') }, ['token']),
    'Sessions that last, of users of their own.',
  ),
  users: list(
    object({ id: name(), name: text(), email: name(), roles: list(choice(ROLES)), password: text() }, ['id']),
  ),
  groups: list(object({ id: name(), name: text(), description: text(), members: ids('Users.') }, ['id'])),
  apis: list(
    object(
      {
        id: name(),
        name: text(),
        visibility: choice(
          ['Public', 'com.soa.visibility.registered.users', 'Limited'],
          '`Limited` to its admins and those who were invited (default: `Public`).',
        ),
        admins: ids('Users.'),
        invited: ids('Users and groups.'),
        avatar: name(),
        deleted: flag(),
        versions: list(
          object(
            {
              id: name(),
              name: text(),
              sandbox_auto: flag(),
              production_auto: flag(),
              automatic: flag('Whether every new app is connected, in the sandbox, at once.'),
              resource_level_permissions: flag(),
              endpoints: list(object({ Category: text(), Uri: text() }, ['Category', 'Uri'])),
              legals: list(object({ id: name(), title: text() }, ['id', 'title'])),
            },
            ['id'],
          ),
        ),
      },
      ['id'],
    ),
  ),
  apps: list(
    object(
      {
        id: name(),
        name: text(),
        team: ids('Users.'),
        avatar: name(),
        deleted: flag(),
        versions: list(object({ id: name(), name: text(), environment, secret: name('Default: a new one.') }, ['id'])),
      },
      ['id'],
    ),
  ),
  contracts: list(
    object(
      {
        id: name(),
        name: text(),
        description: text(),
        api_version: name(),
        app_version: name(),
        environment,
        policies: list(text()),
        restricted: flag(),
        licenses: list(text()),
        state: choice(STATES),
        revises: textOrNull('The contract that it will replace.'),
        ticket: name(),
        requested_by: name('A user.'),
        updated_at: time,
      },
      ['id', 'api_version', 'app_version'],
    ),
    'In the order in which feeds list them.',
  ),
  agreements: list(
    object({ app_version: name(), document: name() }, ['app_version', 'document']),
    'Documents that app versions accepted.',
  ),
});
