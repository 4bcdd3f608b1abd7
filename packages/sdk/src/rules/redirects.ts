import type { Declared } from '../analysis/declared.ts';
import { type Reference, referenceOf, soleExpression, type Text } from '../analysis/expressions.ts';
import { hasSpread } from '../analysis/keys.ts';
import { type Read, type Request, readsOf, stepsOf } from '../analysis/requests.ts';
import { type SentText, sendsMore, sentAs } from '../analysis/sent-values.ts';
import { nearest, type Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { REDIRECTS, STEPS_THAT_WORK } from './oauth.ts';
import type { Report, Rule } from './rule.ts';

/** Beginnings of all addresses that a variable stands for; the rest names the connection. */
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

function checkSame(connection: Declared, report: Report): void {
  checkVariables(connection, report);
  checkAddresses(connection, report);
}

function checkVariables(connection: Declared, report: Report): void {
  const authorize = redirectsIn(connection, 'authorize');
  const [first] = authorize;
  if (first === undefined) return;
  const [expected = ''] = first.reference.members;
  if (authorize.some(({ reference }) => reference.members[0] !== expected)) return;
  for (const { text, reference } of redirectsIn(connection, 'token')) {
    const [found] = reference.members;
    if (found === expected) continue;
    report({
      section: 'api',
      path: text.path,
      span: reference,
      message: `The token request sends oauth.${found}, but authorize sends oauth.${expected}.`,
      hint: `Write oauth.${expected}: providers compare the two URIs.`,
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

/** The redirect URI that a request sends; some servers write its name without the underscore. */
function redirectOf(request: Request): SentText | undefined {
  return sentAs('redirect_uri', request) ?? sentAs('redirectUri', request);
}

/** The variable or the address that a redirect URI is; undefined for what only a run knows. */
function resolved({
  text,
}: SentText): { readonly variable?: (typeof REDIRECTS)[number]; readonly address?: string } | undefined {
  const value = text.template.text;
  if (!value.includes('{{')) return { address: value.trim() };
  const expression = soleExpression(text);
  const { root, members = [] } = (expression && referenceOf(expression)) ?? {};
  return root === 'oauth' && members.length === 1 && isRedirect(members[0]) ? { variable: members[0] } : undefined;
}

function isSame(first: SentText, second: SentText): boolean {
  const [one, other] = [resolved(first), resolved(second)];
  if (one === undefined || other === undefined || (one.variable && other.variable)) return true;
  if (one.variable) return BEGINNINGS[one.variable].test(other.address ?? '');
  if (other.variable) return BEGINNINGS[other.variable].test(one.address ?? '');
  return one.address === other.address;
}

function checkAddresses(connection: Declared, report: Report): void {
  const [sent] = stepsOf(connection, 'authorize').flatMap((request) => redirectOf(request) ?? []);
  if (sent === undefined) return;
  for (const request of stepsOf(connection, 'token')) {
    const again = redirectOf(request);
    if (again === undefined || isSame(sent, again)) continue;
    const [expected = '', found = ''] = [sent, again].map(({ text }) =>
      JSON.stringify(text.template.text.slice(0, 80)),
    );
    report({
      ...placeOf(again),
      message: `The token request sends the redirect URI ${found}, but authorize sends ${expected}.`,
      hint: 'Use the same in both: providers compare the two URIs.',
      found,
      expected,
      related: { message: 'Sent here.', ...placeOf(sent) },
    });
  }
}

function placeOf({ text, offset }: SentText) {
  return { section: 'api', path: text.path, span: { offset, end: offset + text.template.text.length } } as const;
}

/** Checks if the request trades a code for a token. */
function trades(request: Request): boolean {
  const grant = sentAs('grant_type', request)?.text.template.text;
  return grant === 'authorization_code' || sentAs('code', request) !== undefined;
}

function checkBoth(connection: Declared, report: Report): void {
  const [authorize] = stepsOf(connection, 'authorize');
  const tokens = stepsOf(connection, 'token');
  const trading = tokens.find(trades);
  if (authorize === undefined || trading === undefined) return;
  if ([authorize, ...tokens].some((request) => hasSpread(request.value) || sendsMore(request))) return;
  const sent = redirectOf(authorize);
  const [again] = tokens.flatMap((request) => redirectOf(request) ?? []);
  // What was sent before may hold it, as a pushed authorization request does.
  const isFirst = stepsOf(connection, 'preauthorize').length === 0;
  const lacking =
    sent !== undefined && again === undefined
      ? { request: trading, sent, says: 'The token is asked for without the redirect URI that authorize sent.' }
      : sent === undefined && again !== undefined && isFirst
        ? { request: authorize, sent: again, says: 'The browser is sent without the redirect URI that token sends.' }
        : undefined;
  if (lacking === undefined) return;
  const misspelt = misspeltIn(lacking.request);
  // Some servers call it otherwise.
  if (misspelt === undefined && redirectsIn(connection, lacking.request.step ?? '').length > 0) return;
  const value = JSON.stringify(lacking.sent.text.template.text);
  report({
    section: 'api',
    path: misspelt ?? placeIn(lacking.request),
    part: 'key',
    message: lacking.says,
    hint: misspelt === undefined ? `Add "redirect_uri": ${value}.` : 'Did you mean "redirect_uri"?',
    found: misspelt === undefined ? 'no redirect_uri' : JSON.stringify(misspelt.at(-1)),
    expected: 'redirect_uri',
    related: { message: 'Sent here.', ...placeOf(lacking.sent) },
  });
}

const PARTS = ['qs', 'body'] as const;

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
    title: 'two different redirect URIs',
    why: 'The provider compares the redirect URI in the token request with the one in the authorization request, and refuses the code if they differ. The platform’s variables have different values.',
    remedy: 'Use the same variable in both steps; oauth.localRedirectUri is the one for new connections.',
    check: checkSame,
    bad: () => ({
      type: 'oauth',
      sections: {
        api: { authorize, token: { ...token, body: { ...token.body, redirect_uri: '{{oauth.redirectUri}}' } }, info },
      },
    }),
    good: () => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } }),
  },
  {
    code: 'oauth/redirect-missing',
    severity: 'warning',
    title: 'a redirect URI in only one of two requests',
    why: 'RFC 6749, section 4.1.3: if the authorization request has a redirect URI, the token request must have the same one. Some providers do not check this, others refuse the code.',
    remedy: 'Send redirect_uri in authorize and in token, with the same variable.',
    check: checkBoth,
    bad: () => ({ type: 'oauth', sections: { api: { authorize, token: { ...token, body }, info } } }),
    good: () => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } }),
  },
] as const satisfies readonly Rule[];
