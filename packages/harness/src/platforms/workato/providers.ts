import { readSource } from '@connectorkit/sdk/emulator';
import type { Operations } from '@connectorkit/sdk/platforms/workato';
import type { Call, PublishedConnection } from '../../emulator.ts';
import type { Key, ReadTransaction } from '../../store/store.ts';
import type { Input } from './records.ts';

/** A type of application, and what has to be known to connect to it: an entry of PROVIDERS. */
export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly Parameter[];
  /** Ways to authenticate: the first whose `when` fits the parameters is taken. */
  readonly methods: readonly Method[];
  /** Parts of the identity, which are joined with a slash; from what a consent tells. Default: none. */
  readonly identity?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly label: string;
  /** Default: `string`. */
  readonly type?: 'string' | 'boolean' | 'object';
  readonly secret?: boolean;
  readonly optional?: boolean;
  readonly hint?: string;
  readonly default?: string;
  readonly options?: readonly string[];
  readonly properties?: readonly Parameter[];
}

interface Method {
  readonly when?: Readonly<Record<string, string>>;
  /** Each a parameter, or several of which one will do. */
  readonly needs?: readonly (string | readonly string[])[];
  /** True if the user agrees on a page of the provider's: parameters alone authorize nothing. */
  readonly consent?: boolean;
}

const CONSENT: readonly Method[] = [{ consent: true }];
const scopes: Parameter = {
  name: 'advanced_settings',
  label: 'Advanced settings',
  type: 'object',
  optional: true,
  properties: [{ name: 'scopes', label: 'Requested permissions (scopes)', optional: true }],
};

const jiraToken = [['host_name', 'host_url'], 'email', 'apitoken'] as const;

/**
 * The applications of the reference's samples, and REST, by which any other can be had. Sources: Workato's page
 * "Connections"; the connection data of its platform CLI. More come by seed, or by publishing a connector here.
 */
const PROVIDERS: readonly Provider[] = [
  {
    name: 'jira',
    title: 'Jira',
    parameters: [
      { name: 'host_name', label: 'Host name', hint: 'Such as acme.atlassian.net', optional: true },
      { name: 'host_url', label: 'Host URL', optional: true },
      { name: 'auth_type', label: 'Authentication type', options: ['api_token', 'oauth'], optional: true },
      { name: 'api_token_auth', label: 'Use an API token', type: 'boolean', optional: true },
      { name: 'email', label: 'Email', optional: true },
      { name: 'apitoken', label: 'API token', secret: true, optional: true },
    ],
    // `api_token_auth` is the page's older switch, `auth_type` the newer one.
    methods: [
      { when: { api_token_auth: 'true' }, needs: jiraToken },
      { when: { auth_type: 'api_token' }, needs: jiraToken },
      { consent: true },
    ],
  },
  {
    name: 'salesforce',
    title: 'Salesforce',
    parameters: [
      { name: 'sandbox', label: 'Sandbox', type: 'boolean', default: 'false', optional: true },
      {
        name: 'advanced_settings',
        label: 'Advanced settings',
        type: 'object',
        optional: true,
        properties: [
          { name: 'custom_login_url', label: 'Custom login URL', optional: true },
          { name: 'api_scope', label: 'API scope', optional: true },
        ],
      },
    ],
    methods: CONSENT,
  },
  { name: 'google_sheets', title: 'Google Sheets', parameters: [scopes], methods: CONSENT },
  { name: 'outreach', title: 'Outreach', parameters: [scopes], methods: CONSENT },
  {
    name: 'quickbooks',
    title: 'QuickBooks',
    parameters: [],
    methods: CONSENT,
    // The email address of who agreed, and the realm id of the company.
    identity: ['email', 'realm_id'],
  },
  {
    name: 'rest',
    title: 'HTTP',
    parameters: [
      {
        name: 'auth_type',
        label: 'Authentication type',
        options: ['no_auth', 'basic', 'headers', 'query', 'oauth2_auth_code_grant', 'oauth2_client_credentials_grant'],
      },
      { name: 'base_uri', label: 'Base URL', optional: true },
      { name: 'user', label: 'Username', optional: true },
      { name: 'password', label: 'Password', secret: true, optional: true },
      { name: 'header_auth', label: 'Headers', secret: true, optional: true },
      { name: 'query_auth', label: 'Query parameters', secret: true, optional: true },
      { name: 'client_id', label: 'Client ID', optional: true },
      { name: 'client_secret', label: 'Client secret', secret: true, optional: true },
      { name: 'token_url', label: 'Token URL', optional: true },
    ],
    methods: [
      { when: { auth_type: 'no_auth' } },
      { when: { auth_type: 'basic' }, needs: ['user', 'password'] },
      { when: { auth_type: 'headers' }, needs: ['header_auth'] },
      { when: { auth_type: 'query' }, needs: ['query_auth'] },
      { when: { auth_type: 'oauth2_client_credentials_grant' }, needs: ['client_id', 'client_secret', 'token_url'] },
      { when: { auth_type: 'oauth2_auth_code_grant' }, consent: true },
      { needs: ['auth_type'] },
    ],
  },
];

/** Prefixes of secrets and their effects, for every provider: the way to ask for a failure. */
const SECRET_RULES: readonly {
  readonly begins: string;
  readonly verdict: 'refused' | 'raised';
  readonly error: string;
}[] = [
  { begins: 'invalid', verdict: 'refused', error: 'Authentication failed: 401 Unauthorized' },
  { begins: 'exception', verdict: 'raised', error: 'The provider could not be asked: 500 Internal Server Error' },
];

export type Verdict =
  | { readonly happening: 'accepted'; readonly words: string | null }
  | { readonly happening: 'refused' | 'raised'; readonly words: string };

export const providerKey = (name: string): Key => ['workato', 'providers', name];
/** The only credentials that a provider accepts, when some were seeded; secret. */
export const credentialsKey = (provider: string): Key => ['workato', 'credentials', provider];

/** A provider of the table, a seeded one, or a connector that was published to a registry of this harness. */
export async function providerNamed(
  name: string,
  { published }: Pick<Call, 'published'>,
  tx: ReadTransaction,
): Promise<Provider | undefined> {
  const known = PROVIDERS.find((each) => each.name === name) ?? (await tx.get<Provider>(providerKey(name)));
  if (known !== undefined) return known;
  const connector = await published(name);
  return connector === undefined ? undefined : providerOf(connector);
}

/** The form of a published connector as a provider's parameters. */
function providerOf({ name, label, consent, parameters: text }: PublishedConnection): Provider {
  const { value } = readSource('parameters', text, { comments: true });
  const parameters = (Array.isArray(value) ? value : []).flatMap(parameterOf);
  const needs = parameters.filter(({ optional }) => optional === false).map((each) => each.name);
  return { name, title: label, parameters, methods: [consent ? { consent } : { needs }] };
}

interface Declared {
  readonly name?: unknown;
  readonly label?: unknown;
  readonly help?: unknown;
  readonly type?: unknown;
  readonly required?: unknown;
  readonly default?: unknown;
}

/** Parameters without a name, such as banners, take no value. */
function parameterOf(declared: Declared | null): Parameter[] {
  if (typeof declared !== 'object' || typeof declared?.name !== 'string') return [];
  const { name, label, help, type, required, default: preset } = declared;
  return [
    {
      name,
      label: typeof label === 'string' ? label : name,
      type: type === 'boolean' ? 'boolean' : 'string',
      secret: type === 'password' || type === 'pkey',
      optional: required !== true,
      ...(typeof help === 'string' ? { hint: help } : {}),
      ...(typeof preset === 'string' ? { default: preset } : {}),
    },
  ];
}

/**
 * Result of testing the parameters: undefined when there is nothing to test, because the user has to agree
 * first. Words never hold a value of the parameters.
 * @param consent what the provider told of who agreed
 */
export async function testCredentials(
  provider: Provider,
  input: Input,
  tx: ReadTransaction,
  consent?: Readonly<Record<string, string>>,
): Promise<Verdict | undefined> {
  const method = provider.methods.find(({ when = {} }) => fits(input, when));
  if (method?.consent && consent === undefined) return undefined;
  for (const need of method?.needs ?? []) {
    const names = [need].flat();
    if (!names.some((name) => isFilled(input[name]))) {
      return { happening: 'refused', words: `${labelOf(provider, names[0] ?? '')} can't be blank` };
    }
  }
  const secrets = valuesOf(provider.parameters.filter(({ secret }) => secret).map(({ name }) => input[name]));
  for (const { begins, verdict, error } of SECRET_RULES) {
    if (secrets.some((each) => each.toLowerCase().startsWith(begins))) return { happening: verdict, words: error };
  }
  const accepted = await tx.getSecret<readonly Record<string, string>[]>(credentialsKey(provider.name));
  if (accepted?.some((each) => fits(input, each)) === false) {
    return { happening: 'refused', words: 'Authentication failed: 401 Unauthorized' };
  }
  return { happening: 'accepted', words: identityOf(provider, consent) };
}

function identityOf({ identity }: Provider, consent: Readonly<Record<string, string>> = {}): string | null {
  const parts = (identity ?? []).map((each) => consent[each] ?? '');
  return parts.length > 0 && parts.every((each) => each !== '') ? parts.join('/') : null;
}

function fits(input: Input, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => String(input[name]) === value);
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [];
}

function labelOf({ parameters }: Provider, name: string): string {
  return parameters.find((each) => each.name === name)?.label ?? name;
}

/** The parameters that remain when a connection is disconnected: its credentials go; all of them, when nobody knows which they are. */
export function withoutSecrets(provider: Provider | undefined, input: Input): Input {
  if (provider === undefined) return {};
  const secret = new Set(provider.parameters.filter((each) => each.secret).map(({ name }) => name));
  return Object.fromEntries(Object.entries(input).filter(([name]) => !secret.has(name)));
}

type Field = Operations['getConnectionInputSchema']['answer']['result'][number];

/** A parameter in the words of Workato's input schemas. */
export function fieldOf(parameter: Parameter): Field {
  const { name, label, type = 'string', secret, optional = false, hint, default: preset, options } = parameter;
  const control = secret ? 'password' : options ? 'select' : type === 'boolean' ? 'checkbox' : 'text';
  return {
    name,
    label,
    type,
    control_type: control,
    optional,
    ...(hint === undefined ? {} : { hint }),
    ...(preset === undefined ? {} : { default: preset }),
    ...(options === undefined ? {} : { pick_list: options.map((each) => [each, each]) }),
    ...(parameter.properties === undefined ? {} : { properties: parameter.properties.map(fieldOf) }),
  };
}
