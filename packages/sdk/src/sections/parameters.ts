import type { CreateType } from './create-types.ts';
import { authoredFormSchema, FORM_AUTHORING, formSchema } from './form.ts';
import type { Section } from './section.ts';

const CLIENT = `  // Left empty, the app's own client is used, as "common" names it.
  {
    "name": "clientId",
    "type": "text",
    "label": "Client ID",
    "advanced": true,
    "editable": true
  },
  {
    "name": "clientSecret",
    "type": "password",
    "label": "Client secret",
    "advanced": true,
    "editable": true
  }`;

const OWN_CLIENT = `  {
    "name": "clientId",
    "type": "text",
    "label": "Client ID",
    "required": true,
    "editable": true
  },
  {
    "name": "clientSecret",
    "type": "password",
    "label": "Client secret",
    "required": true,
    "editable": true
  }`;

const LOGIN = `  {
    "name": "username",
    "type": "text",
    "label": "User name",
    "required": true,
    "editable": true
  },
  {
    "name": "password",
    "type": "password",
    "label": "Password",
    "required": true,
    "editable": true
  }`;

const STARTERS: Readonly<Record<CreateType, string>> = {
  apikey: `[
  // One field of the form. A password is not shown again, and never put into a log in plain.
  {
    "name": "apiKey",
    "type": "password",
    "label": "API key",
    "help": "You find it in your account's settings, under **API**.",
    "required": true,
    "editable": true
  }
]
`,
  basic: `[
${LOGIN}
]
`,
  other: `[
  // What the user fills in: fields such as
  // { "name": "apiKey", "type": "password", "label": "API key", "required": true, "editable": true }
]
`,
  oauth: `[
${CLIENT}
]
`,
  'oauth-refresh': `[
${CLIENT}
]
`,
  'oauth-clicre': `[
${OWN_CLIENT}
]
`,
  'oauth-resowncre': `[
${LOGIN},
${OWN_CLIENT}
]
`,
  'oauth-1': `[
  // Left empty, the app's own consumer is used, as "common" names it.
  {
    "name": "consumerKey",
    "type": "text",
    "label": "Consumer key",
    "advanced": true,
    "editable": true
  },
  {
    "name": "consumerSecret",
    "type": "password",
    "label": "Consumer secret",
    "advanced": true,
    "editable": true
  }
]
`,
};

/** The form that a user fills in to connect. */
export const parameters = {
  name: 'parameters',
  title: 'Parameters',
  summary: 'The form that a user fills in to connect.',
  files: ['parameters.jsonc', 'parameters.json'],
  comments: true,
  wire: 'text',
  empty: '[]',
  asks: 'user',
  authoring: FORM_AUTHORING,
  schemas: {
    parameters: formSchema('The parameters section', 'The form that a user fills in to connect.'),
    'parameters-schema': authoredFormSchema(
      'The parameters section as a JSON Schema',
      'The form that a user fills in to connect.',
    ),
  },
  schemaFor: (_type: CreateType, value?: unknown) =>
    FORM_AUTHORING.applies(value) ? 'parameters-schema' : 'parameters',
  starter: (type: CreateType) => STARTERS[type],
  examples: () => [
    { type: 'other', value: [] },
    { type: 'other', value: 'rpc://listParameters' },
    {
      type: 'apikey',
      value: [
        { name: 'apiKey', type: 'password', label: 'API key', required: true, editable: true },
        'rpc://regions',
        { type: 'banner', title: 'Note', text: 'Keys end after a year.', closable: true },
      ],
    },
    {
      type: 'apikey',
      value: [
        { type: 'html', label: '<p>Keys are found under <b>API</b>.</p>' },
        { type: 'markdown', name: 'note', label: 'Keys are found under **API**.', value: 'x' },
        { type: 'separator' },
        { name: 'sandbox', type: 'checkbox', label: 'Sandbox', nested: [{ name: 'host', type: 'url' }] },
        { name: 'region', type: 'radio', label: 'Region', options: [{ value: 'eu' }, { value: 'us' }] },
        { name: 'workspace', type: 'list', label: 'Workspace', options: 'rpc://workspaces' },
      ],
    },
    {
      type: 'oauth',
      value: [
        {
          name: 'environment',
          type: 'select',
          label: 'Environment',
          default: 'live',
          options: [
            { label: 'Live', value: 'live', default: true },
            { label: 'Own server', value: 'own', nested: [{ name: 'host', type: 'text', required: true }] },
          ],
        },
        { name: 'region', type: 'select', grouped: true, options: [{ label: 'EU', options: [{ value: 1 }] }] },
        { name: 'project', type: 'select', options: { store: 'rpc://projects', label: 'name', value: 'id' } },
        {
          name: 'scopes',
          type: 'array',
          labels: { add: 'Add a scope' },
          spec: { type: 'text' },
          validate: { maxItems: 9 },
        },
        { name: 'headers', type: 'collection', spec: [{ name: 'key', type: 'text' }] },
        { name: 'proxy', type: 'boolean', nested: 'rpc://proxy' },
        { name: 'port', type: 'port', editable: { enabled: true, help: 'Rarely needed.' } },
      ],
    },
    {
      type: 'apikey',
      value: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          apiKey: { type: 'string', title: 'API key', writeOnly: true, 'x-make-editable': true },
          region: { type: 'string', title: 'Region', enum: ['eu', 'us'], default: 'eu' },
        },
        required: ['apiKey'],
      },
    },
  ],
  counterExamples: () => [
    { type: 'apikey', value: {}, code: 'schema/required', path: ['type'] },
    { type: 'apikey', value: { type: 'array' }, code: 'schema/enum', path: ['type'] },
    {
      type: 'apikey',
      value: { type: 'object', properties: { apiKey: { type: 'string', tilte: 'API key' } } },
      code: 'schema/unknown-key',
      path: ['properties', 'apiKey', 'tilte'],
    },
    { type: 'apikey', value: 7, code: 'schema/type', path: [] },
    { type: 'apikey', value: 'listParameters', code: 'schema/value', path: [] },
    { type: 'apikey', value: [{ name: 'apiKey', label: 'API key' }], code: 'schema/required', path: [0, 'type'] },
    { type: 'apikey', value: [{ name: 'apiKey', tpye: 'text' }], code: 'schema/unknown-key', path: [0, 'tpye'] },
    { type: 'apikey', value: [{ name: 'apiKey', type: 'passwrod' }], code: 'schema/enum', path: [0, 'type'] },
    { type: 'apikey', value: [{ name: 'apiKey', type: 'accounts' }], code: 'schema/enum', path: [0, 'type'] },
    { type: 'apikey', value: [{ type: 'banner', txet: 'Note' }], code: 'schema/unknown-key', path: [0, 'txet'] },
    {
      type: 'basic',
      value: [{ name: 'user', type: 'text', required: 'true' }],
      code: 'schema/type',
      path: [0, 'required'],
    },
    { type: 'basic', value: [{ name: '', type: 'text' }], code: 'schema/value', path: [0, 'name'] },
    {
      type: 'basic',
      value: [{ name: 'mode', type: 'select', options: [{ label: 'Live' }] }],
      code: 'schema/required',
      path: [0, 'options', 0, 'value'],
    },
    {
      type: 'basic',
      value: [{ name: 'mode', type: 'select', options: [{ value: 1, nested: [{ name: 'a', type: 'txt' }] }] }],
      code: 'schema/enum',
      path: [0, 'options', 0, 'nested', 0, 'type'],
    },
    { type: 'basic', value: [7], code: 'schema/type', path: [0] },
  ],
} as const satisfies Section;
