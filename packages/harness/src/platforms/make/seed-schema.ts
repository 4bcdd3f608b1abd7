import { CREATE_TYPES, SECTIONS } from '@connectorkit/sdk/emulator';
import { make as platform } from '@connectorkit/sdk/platforms/make';
import { answered, choice, flag, list, name, object, seedOf, text } from '../../seed-schema.ts';
import { SCOPES } from './credentials.ts';
import { PLANS } from './settings.ts';

const { changes: _, ...columns } = answered(platform, 'App');

/** Values of `common`: the schema says nothing about them, they are the author's. */
const common = { type: 'object', additionalProperties: true };

const texts = SECTIONS.filter(({ wire }) => wire === 'text').map((section) => [section.name, text()] as const);

const properties = {
  settings: object(
    {
      allow_apps: flag('Whether the user may choose the names of apps; otherwise six characters are put behind them.'),
      plan: choice([...Object.keys(PLANS), null], 'Whose limit holds for the organization; null for none.'),
      deletion_seconds: {
        type: 'number',
        minimum: 0,
        maximum: 1_000_000_000,
        description: 'How long a deleted connection can still be read and listed, by the harness’s clock.',
      },
      connection_numbers: choice(
        ['highest', 'never_again'],
        'Which number the next connection has: the highest that there is and one, or one that none ever had.',
      ),
      trailing_commas: choice(
        ['accepted', 'refused'],
        'Whether the server’s JSON with comments may have a comma behind the last element.',
      ),
      approved_common: choice(
        ['shown', 'masked'],
        'Whether `common` of an approved app can be read, or its values are masked.',
      ),
      install_spec_checksum: choice(['installSpec', 'install_spec'], 'How the checksum calls `installSpec`.'),
    },
    [],
    'Readings of what is not known of Make. Each seed of settings replaces the last.',
  ),
  tokens: list(object({ token: name(), scopes: list(choice(SCOPES), 'Default: all.') }, ['token'])),
  app: name('Kept as it is: nothing is added to it. What follows is added to an app that is there.'),
  approved: flag(),
  public: flag(),
  columns: object(columns, [], 'The rest of the app’s columns.'),
  connections: {
    minItems: 1,
    ...list(
      object({ type: choice(Object.keys(CREATE_TYPES)), label: name(), common }, ['type', 'label']),
      'Named after the app, as if they were created one after the other.',
    ),
  },
  sections: object(Object.fromEntries(texts), [], 'Texts of sections of the last connection.'),
  content: object(
    { base: text(), groups: text(), install: text(), installSpec: text() },
    [],
    'Texts of sections of the app.',
  ),
  docs: text('The app’s readme.'),
  icon: text('The app’s icon: a PNG in base64, kept as it is.'),
  common: { ...common, description: 'Values of the app’s own `common`.' },
  uses: list(
    object({ module: name(), connection: name(), alternative: name() }, ['module', 'connection']),
    'Modules that use its connections, which keeps these from being deleted.',
  ),
};

/** Properties of a seeded app, which has to be named. */
const OF_APP = Object.keys(properties).filter((key) => !['settings', 'tokens', 'app'].includes(key));

/** Seed of Make's emulator: readings, tokens, and one app with its connections. */
export const SEED = {
  ...seedOf('Make', properties),
  dependentRequired: {
    ...Object.fromEntries(OF_APP.map((key) => [key, ['app']])),
    sections: ['app', 'connections'],
  },
};
