import { starterReads } from './api-starters.ts';
import { CREATE_TYPES, type CreateType } from './create-types.ts';
import { authoredFormSchema, FORM_AUTHORING, formSchema } from './form.ts';
import type { Section } from './section.ts';

function credentials(id: readonly [name: string, label: string], secret: readonly [name: string, label: string]) {
  return `[
  // Asked once, of the administrator who installs the app; the section install says where it goes.
  {
    "name": "${id[0]}",
    "type": "text",
    "label": "${id[1]}",
    "required": true
  },
  {
    "name": "${secret[0]}",
    "type": "password",
    "label": "${secret[1]}",
    "required": true
  }
]
`;
}

const OTHER_STARTER = `[
  // Fields that the administrator who installs the app fills in, once for all its users.
]
`;

const STARTERS = {
  basic: OTHER_STARTER,
  oauth2: credentials(['clientId', 'Client ID'], ['clientSecret', 'Client secret']),
  oauth1: credentials(['consumerKey', 'Consumer key'], ['consumerSecret', 'Consumer secret']),
};

/** The form that an administrator fills in when the app is installed. */
export const installSpec = {
  name: 'installSpec',
  title: 'Install specification',
  summary: 'The form that an administrator fills in when the app is installed.',
  files: ['installSpec.jsonc', 'installSpec.json'],
  comments: true,
  wire: 'text',
  empty: '[]',
  asks: 'administrator',
  authoring: FORM_AUTHORING,
  schemas: {
    installSpec: formSchema('The installSpec section', 'The form that an administrator fills in at installation.'),
    'installSpec-schema': authoredFormSchema(
      'The installSpec section as a JSON Schema',
      'The form that an administrator fills in at installation.',
    ),
  },
  schemaFor: (_type: CreateType, value?: unknown) =>
    FORM_AUTHORING.applies(value) ? 'installSpec-schema' : 'installSpec',
  starter: (type: CreateType) => STARTERS[starterReads(type, 'common.') ? CREATE_TYPES[type].kind : 'basic'],
  examples: () => [
    { type: 'oauth', value: [] },
    { type: 'oauth', value: [{ name: 'clientId', type: 'text', label: 'Client ID', required: true }] },
    {
      type: 'oauth',
      value: [
        { name: 'host', type: 'url', label: 'Server', default: 'https://example.com' },
        { name: 'clientSecret', type: 'password', label: 'Client secret', help: 'From your **console**.' },
      ],
    },
    {
      type: 'oauth',
      value: {
        type: 'object',
        properties: { clientId: { type: 'string', title: 'Client ID' } },
        required: ['clientId'],
      },
    },
  ],
  counterExamples: () => [
    { type: 'oauth', value: {}, code: 'schema/required', path: ['type'] },
    {
      type: 'oauth',
      value: { type: 'object', required: 'clientId' },
      code: 'schema/type',
      path: ['required'],
    },
    { type: 'oauth', value: ['clientId'], code: 'schema/value', path: [0] },
    { type: 'oauth', value: [{ name: 'clientId' }], code: 'schema/required', path: [0, 'type'] },
    { type: 'oauth', value: [{ type: 'text', lable: 'Client ID' }], code: 'schema/unknown-key', path: [0, 'lable'] },
    { type: 'oauth', value: [{ type: 'txt', name: 'clientId' }], code: 'schema/enum', path: [0, 'type'] },
    { type: 'oauth', value: [{ type: 'text', name: 7 }], code: 'schema/type', path: [0, 'name'] },
  ],
} as const satisfies Section;
