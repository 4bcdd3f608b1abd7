import { nearest, type Path } from '../diagnostics.ts';
import { parseTemplate } from '../iml/parse.ts';
import { isObject } from '../json.ts';
import { type Reference, referenceOf, soleExpression, type Text } from './expressions.ts';
import { hasSpread, REDIRECTS, STEPS_THAT_WORK } from './oauth.ts';
import { type Read, type Request, readsOf, stepsOf } from './reading.ts';
import type { Declared, Rule, Tell } from './rule.ts';

/** What every address that a variable stands for begins with; the rest names the connection. */
const BEGINNINGS: Readonly<Record<(typeof REDIRECTS)[number], RegExp>> = {
  localRedirectUri: /^https:\/\/[^/]+\/oauth\/cb\//,
  makeRedirectUri: /^https:\/\/www\.make\.com\/oauth\/cb\//,
  redirectUri: /^https:\/\/www\.integromat\.com\/oauth\/cb\//,
};

function redirectsIn(connection: Declared, step: string): readonly Read[] {
  if (stepsOf(connection, step).length === 0) return [];
  return readsOf(connection, 'oauth').filter(
    ({ text: { part, path }, reference: { members } }) =>
      part === 'value' && path[0] === step && members.length === 1 && isRedirect(members[0]),
  );
}

function isRedirect(name: string | undefined): name is (typeof REDIRECTS)[number] {
  return (REDIRECTS as readonly unknown[]).includes(name);
}

function checkSame(connection: Declared, tell: Tell): void {
  checkVariables(connection, tell);
  checkAddresses(connection, tell);
}

function checkVariables(connection: Declared, tell: Tell): void {
  const authorize = redirectsIn(connection, 'authorize');
  const [first] = authorize;
  if (first === undefined) return;
  const [expected = ''] = first.reference.members;
  if (authorize.some(({ reference }) => reference.members[0] !== expected)) return;
  for (const { text, reference } of redirectsIn(connection, 'token')) {
    const [found] = reference.members;
    if (found === expected) continue;
    tell({
      section: 'api',
      path: text.path,
      span: reference,
      message: `The token is asked for with oauth.${found}, but authorize sent oauth.${expected}.`,
      hint: `Write oauth.${expected}: providers compare the two addresses.`,
      found: `oauth.${found}`,
      expected: `oauth.${expected}`,
      related: { message: 'Sent here.', section: 'api', path: first.text.path, span: first.reference },
      fix: {
        title: `Write oauth.${expected}`,
        changes: [{ section: 'api', path: text.path, value: replaced(text, reference, `oauth.${expected}`) }],
      },
    });
  }
}

function replaced({ template: { text } }: Text, { offset, end }: Reference, by: string): string {
  return text.slice(0, offset) + by + text.slice(end);
}

/** A redirect URI that a request sends under its own name. */
interface Sent {
  readonly path: Path;
  readonly value: string;
}

const PARTS = ['qs', 'body'] as const;

/** The name of a parameter as it is compared: some servers write it without the underscore. */
function bare(name: string): string {
  return name.replace(/_/g, '').toLowerCase();
}

/** What a request sends under the name: in its query, its body, its URL or a body that is one text. */
function sentAs(name: string, { path, value }: Request): Sent | undefined {
  for (const part of PARTS) {
    const sent = value[part];
    if (!isObject(sent)) continue;
    const key = Object.keys(sent).find((each) => bare(each) === bare(name));
    if (key !== undefined) return { path: [...path, part, key], value: String(sent[key]) };
  }
  for (const part of ['url', 'body'] as const) {
    const text = value[part];
    const found = typeof text === 'string' ? new RegExp(`(?:[?&]|^)${name}=([^&#]*)`, 'i').exec(text) : null;
    if (found !== null) return { path: [...path, part], value: found[1] ?? '' };
  }
  return undefined;
}

/** Whether an expression gives the request, its query or its body as a whole, so that nobody knows what is sent. */
function isOpen({ value }: Request): boolean {
  return (
    hasSpread(value) ||
    PARTS.some((part) => {
      const sent = value[part];
      return typeof sent === 'string' ? sent.trim().startsWith('{{') : isObject(sent) && hasSpread(sent);
    })
  );
}

/** The variable or the address that a redirect URI is; undefined for what only a run knows. */
function resolved(
  value: string,
): { readonly variable?: (typeof REDIRECTS)[number]; readonly address?: string } | undefined {
  if (!value.includes('{{')) return { address: value.trim() };
  const expression = soleExpression({ template: parseTemplate(value.trim()) });
  const { root, members = [] } = (expression && referenceOf(expression)) ?? {};
  return root === 'oauth' && members.length === 1 && isRedirect(members[0]) ? { variable: members[0] } : undefined;
}

function isSame(first: string, second: string): boolean {
  const [one, other] = [resolved(first), resolved(second)];
  if (one === undefined || other === undefined || (one.variable && other.variable)) return true;
  if (one.variable) return BEGINNINGS[one.variable].test(other.address ?? '');
  if (other.variable) return BEGINNINGS[other.variable].test(one.address ?? '');
  return one.address === other.address;
}

function checkAddresses(connection: Declared, tell: Tell): void {
  const [sent] = stepsOf(connection, 'authorize').flatMap((request) => sentAs('redirect_uri', request) ?? []);
  if (sent === undefined) return;
  for (const request of stepsOf(connection, 'token')) {
    const again = sentAs('redirect_uri', request);
    if (again === undefined || isSame(sent.value, again.value)) continue;
    const [expected, found] = [sent, again].map(({ value }) => JSON.stringify(value.slice(0, 80)));
    tell({
      section: 'api',
      path: again.path,
      message: `The token is asked for with the redirect URI ${found}, but authorize sent ${expected}.`,
      hint: 'Write the same in both: providers compare the two addresses.',
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
      related: { message: 'Sent here.', section: 'api', path: sent.path },
    });
  }
}

/** Whether the request trades a code for a token. */
function trades(request: Request): boolean {
  return sentAs('code', request) !== undefined || sentAs('grant_type', request)?.value === 'authorization_code';
}

function checkBoth(connection: Declared, tell: Tell): void {
  const [authorize] = stepsOf(connection, 'authorize');
  const tokens = stepsOf(connection, 'token');
  const trading = tokens.find(trades);
  if (authorize === undefined || trading === undefined || [authorize, ...tokens].some(isOpen)) return;
  const sent = sentAs('redirect_uri', authorize);
  const [again] = tokens.flatMap((request) => sentAs('redirect_uri', request) ?? []);
  if (sent !== undefined && again === undefined)
    tellMissing(
      'The token is asked for without the redirect URI that authorize sent.',
      trading,
      sent,
      connection,
      tell,
    );
  // An address that an answer gave may hold it, as that of a pushed authorization request does.
  const { url } = authorize.value;
  if (typeof url !== 'string' || url.trim().startsWith('{{') || stepsOf(connection, 'preauthorize').length > 0) return;
  if (sent === undefined && again !== undefined)
    tellMissing('The browser is sent without the redirect URI that token sends.', authorize, again, connection, tell);
}

function tellMissing(message: string, lacking: Request, sent: Sent, connection: Declared, tell: Tell): void {
  const misspelt = misspeltIn(lacking);
  // Some servers call it otherwise.
  if (misspelt === undefined && redirectsIn(connection, lacking.step ?? '').length > 0) return;
  tell({
    section: 'api',
    path: misspelt ?? placeIn(lacking),
    part: 'key',
    message,
    hint:
      misspelt === undefined ? `Add "redirect_uri": ${JSON.stringify(sent.value)}.` : 'Did you mean "redirect_uri"?',
    found: misspelt === undefined ? 'no redirect_uri' : JSON.stringify(misspelt.at(-1)),
    expected: 'redirect_uri',
    related: { message: 'Sent here.', section: 'api', path: sent.path },
  });
}

/** A parameter whose name is almost redirect_uri. */
function misspeltIn({ path, value }: Request): Path | undefined {
  for (const part of PARTS) {
    const sent = value[part];
    const key = isObject(sent) ? nearest('redirect_uri', Object.keys(sent)) : undefined;
    if (key !== undefined) return [...path, part, key];
  }
  return undefined;
}

/** Where a request names what it sends. */
function placeIn({ path, value }: Request): Path {
  const part = PARTS.findLast((each) => isObject(value[each]));
  return part === undefined ? path : [...path, part];
}

const { authorize, token, info } = STEPS_THAT_WORK;
const { redirect_uri: _, ...body } = token.body;

export const REDIRECT_RULES = [
  {
    code: 'oauth/redirect-mixed',
    severity: 'warning',
    title: 'two addresses for one redirect',
    why: 'The provider compares the redirect URI of the token request with the one that the browser was sent with, and refuses the code when they differ. The variables of the platform stand for different addresses.',
    mend: 'Use one variable in both steps; oauth.localRedirectUri is the one for new connections.',
    check: checkSame,
    bad: {
      type: 'oauth',
      sections: {
        api: { authorize, token: { ...token, body: { ...token.body, redirect_uri: '{{oauth.redirectUri}}' } }, info },
      },
    },
    good: { type: 'oauth', sections: { api: STEPS_THAT_WORK } },
  },
  {
    code: 'oauth/redirect-missing',
    severity: 'warning',
    title: 'a redirect URI in one of two requests',
    why: 'RFC 6749, section 4.1.3: when the browser was sent with a redirect URI, the token request has to name the same one. Some providers do without, others refuse the code.',
    mend: 'Send redirect_uri in authorize and in token, with the same variable.',
    check: checkBoth,
    bad: { type: 'oauth', sections: { api: { authorize, token: { ...token, body }, info } } },
    good: { type: 'oauth', sections: { api: STEPS_THAT_WORK } },
  },
] as const satisfies readonly Rule[];
