import { CREATE_TYPES, type CreateType } from './create-types.ts';
import { formSchema } from './form.ts';
import type { Section } from './section.ts';

const OAUTH_STARTER = `[
  // Asked once, of the administrator who installs the app; the section install says where it goes.
  {
    "name": "clientId",
    "type": "text",
    "label": "Client ID",
    "required": true
  },
  {
    "name": "clientSecret",
    "type": "password",
    "label": "Client secret",
    "required": true
  }
]
`;

const OTHER_STARTER = `[
  // Fields that the administrator who installs the app fills in, once for all its users.
]
`;

/** The form that an administrator fills in when the app is installed. */
export const installSpec = {
  name: 'installSpec',
  title: 'Install specification',
  summary: 'The form that an administrator fills in when the app is installed.',
  files: ['installSpec.jsonc', 'installSpec.json'],
  comments: true,
  wire: 'text',
  empty: '[]',
  schemas: {
    installSpec: formSchema('The installSpec section', 'The form that an administrator fills in at installation.'),
  },
  schemaFor: () => 'installSpec',
  starter: (type: CreateType) => (CREATE_TYPES[type].stored === 'oauth' ? OAUTH_STARTER : OTHER_STARTER),
  examples: [
    { type: 'oauth', value: [] },
    { type: 'oauth', value: [{ name: 'clientId', type: 'text', label: 'Client ID', required: true }] },
    {
      type: 'oauth',
      value: [
        { name: 'host', type: 'url', label: 'Server', default: 'https://example.com' },
        { name: 'clientSecret', type: 'password', label: 'Client secret', help: 'From your **console**.' },
      ],
    },
  ],
  counterExamples: [
    { type: 'oauth', value: {}, code: 'schema/type', path: [] },
    { type: 'oauth', value: ['clientId'], code: 'schema/value', path: [0] },
    { type: 'oauth', value: [{ name: 'clientId' }], code: 'schema/required', path: [0, 'type'] },
    { type: 'oauth', value: [{ type: 'text', lable: 'Client ID' }], code: 'schema/unknown-key', path: [0, 'lable'] },
    { type: 'oauth', value: [{ type: 'txt', name: 'clientId' }], code: 'schema/enum', path: [0, 'type'] },
    { type: 'oauth', value: [{ type: 'text', name: 7 }], code: 'schema/type', path: [0, 'name'] },
  ],
} as const satisfies Section;
