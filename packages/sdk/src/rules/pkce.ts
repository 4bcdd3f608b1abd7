import type { Declared } from '../analysis/declared.ts';
import { expressionsIn, partsOf, type Text } from '../analysis/expressions.ts';
import { type Candidate, type PKCEExchange, pkceExchangeOf } from '../analysis/pkce-exchange.ts';
import { type Request, stepsOf } from '../analysis/requests.ts';
import { mentions, type SentText, sendsMore, sentAs } from '../analysis/sent-values.ts';
import type { Expression, Span } from '../iml/tree.ts';
import { isObject, lookUp } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { STEPS_THAT_WORK } from './oauth.ts';
import type { Finding, Report, Rule } from './rule.ts';

/** Keywords that give another value each time they are evaluated. */
const FRESH = new Set<string>(['uuid', 'random', 'timestamp', 'now']);

function freshIn(expression: Expression): Expression | undefined {
  if (expression.kind === 'keyword') return FRESH.has(expression.name) ? expression : undefined;
  for (const part of partsOf(expression)) {
    const found = freshIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the part that is new at each evaluation, unless the text prefers something that was kept. */
function freshOf(text: Text): Expression | undefined {
  if (text.references.some(({ root }) => root === 'temp' || root === 'data' || root === 'connection')) return undefined;
  for (const expression of expressionsIn(text.template)) {
    const found = freshIn(expression);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A stretch of a text in the string that holds it. */
function placeOf({ text, offset }: SentText, { offset: from, end }: Span): Pick<Finding, 'section' | 'path' | 'span'> {
  return { section: 'api', path: text.path, span: { offset: offset + from, end: offset + end } };
}

function wholeOf(written: SentText): Pick<Finding, 'section' | 'path' | 'span'> {
  return placeOf(written, { offset: 0, end: written.text.template.text.length });
}

/** The texts that give the verifier another value when the token is asked for. */
function remade(connection: Declared, { challenges, verifiers }: PKCEExchange): readonly SentText[] {
  if (challenges.length === 0) return [];
  const read = new Set(verifiers.flatMap(({ written }) => namesOfTemp(written.text)));
  const again = stepsOf(connection, 'token').flatMap(({ path, texts }) =>
    texts.filter((text) => text.path[path.length] === 'temp' && read.has(String(text.path[path.length + 1]))),
  );
  const sent = verifiers.map(({ written }) => written);
  const asked = sent.length === 0 ? [] : challenges.map(({ written }) => written);
  return [...sent, ...again.map((text) => ({ text, offset: 0 })), ...asked];
}

function namesOfTemp({ references }: Text): readonly string[] {
  return references.flatMap(({ root, members: [name] }) => (root === 'temp' && name !== undefined ? [name] : []));
}

function checkRemade(connection: Declared, report: Report): void {
  const exchange = pkceExchangeOf(connection);
  const [challenge] = exchange.challenges;
  if (challenge === undefined) return;
  const { section, path } = wholeOf(challenge.written);
  for (const written of remade(connection, exchange)) {
    const fresh = freshOf(written.text);
    if (fresh === undefined) continue;
    const found = 'name' in fresh ? fresh.name : '';
    report({
      ...placeOf(written, fresh),
      message: `The code verifier is generated again here, because ${found} gives a new value each time.`,
      hint: 'Generate it once, in temp of authorize, and write {{temp.code_verifier}} everywhere else.',
      found,
      expected: 'temp.code_verifier',
      ...(written === challenge.written
        ? {}
        : { related: { message: 'The challenge is generated here.', section, path } }),
    });
  }
}

/** A verifier that is made twice is reported as that, and matches no challenge. */
function isRemade(connection: Declared, exchange: PKCEExchange): boolean {
  return remade(connection, exchange).some(({ text }) => freshOf(text) !== undefined);
}

const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');
const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
const unpadded = (text: string) => text.replace(/=+$/, '');
const hash = (verifier: string) => nodeCrypto().createHash('sha256').update(verifier).digest();

/** RFC 7636, section 4.2. */
const s256 = (verifier: string) => hash(verifier).toString('base64url');

/** Mistaken ways to make a challenge, by mistake. */
const MISTAKES: Readonly<Record<string, (verifier: string) => string>> = {
  'the hash in hex': (verifier) => hash(verifier).toString('hex'),
  'the hash in base64, not in base64url': (verifier) => base64(hash(verifier)),
  'the hash in base64 without padding, not in base64url': (verifier) => unpadded(base64(hash(verifier))),
  'the hash in base64url with padding': (verifier) => urlSafe(base64(hash(verifier))),
  'the base64 of a text that is in base64 already': (verifier) => base64(base64(hash(verifier))),
  'the base64url of a text that is in base64 already': (verifier) => unpadded(urlSafe(base64(base64(hash(verifier))))),
  'the base64 of a text that is in hex': (verifier) => base64(hash(verifier).toString('hex')),
  'the base64url of a text that is in hex': (verifier) => unpadded(urlSafe(base64(hash(verifier).toString('hex')))),
  'the verifier in base64': base64,
  'the verifier in base64url': (verifier) => unpadded(urlSafe(base64(verifier))),
  'the verifier itself': (verifier) => verifier,
};

/**
 * Returns the mistake in a value that is sent as the challenge; undefined when there is none, or when nobody can
 * know.
 */
function mistakeIn({ value, open }: Candidate, exchange: PKCEExchange): string | undefined {
  if (isS256(value, exchange)) return undefined;
  const { verifiers, kept } = exchange;
  const sent = textsOf(verifiers);
  const isKnown = !open && sent.length > 0 && !verifiers.some((each) => each.open);
  if (kept.some((each) => s256(each) === value)) {
    return isKnown ? 'The challenge is made of another value than the verifier that token sends.' : undefined;
  }
  // What is kept is only copied where it is the challenge as well.
  for (const verifier of [...sent, ...kept.filter((each) => each !== value)]) {
    const mistake = Object.keys(MISTAKES).find((each) => lookUp(MISTAKES, each)?.(verifier) === value);
    if (mistake !== undefined) return `The challenge is ${mistake}.`;
  }
  return isKnown ? 'The challenge is not what S256 makes of the verifier that token sends.' : undefined;
}

function isS256(challenge: string, { verifiers }: PKCEExchange): boolean {
  return textsOf(verifiers).some((each) => s256(each) === challenge);
}

function textsOf(values: readonly { readonly value: unknown }[]): readonly string[] {
  return values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}

/** RFC 7636, sections 4.1 and 4.2: what verifiers and challenges consist of. */
const FORM = /^[\w.~-]{43,128}$/;

function checkChallenge(connection: Declared, report: Report): void {
  const exchange = pkceExchangeOf(connection);
  if (isRemade(connection, exchange)) return;
  const [name = 'code_verifier'] = exchange.verifiers.flatMap(({ written }) => namesOfTemp(written.text));
  for (const { request, written, candidates } of exchange.challenges) {
    for (const candidate of candidates) {
      const message = mistakeIn(candidate, exchange);
      const isVerifier = textsOf(exchange.verifiers).includes(candidate.value);
      // Without S256 that is what the method says.
      if (message === undefined || (isVerifier && isPlain(request))) continue;
      const answer = FORM.test(candidate.value)
        ? 'a strict server refuses the token request with invalid_grant'
        : 'a strict server refuses the authorization with invalid_request';
      report({
        ...(candidate.made === undefined || isVerifier ? placeOf(written, candidate.span) : wholeOf(candidate.made)),
        message,
        hint: `Write {{base64url(sha256(temp.${name}, 'base64'))}}: ${answer}.`,
        trap: 'pkce-challenge-form',
        found: `${candidate.value.length} characters`,
        expected: 'the SHA-256 hash of the verifier in base64url, 43 characters',
      });
    }
  }
}

const METHOD = 'code_challenge_method';
const REFUSED = 'a strict server refuses the authorization with invalid_request';

/** Checks if the challenge is to be compared with the verifier as it is. */
function isPlain(request: Request): boolean {
  const method = sentAs(METHOD, request)?.text.template.text;
  return method === undefined || method === 'plain';
}

function checkMethod(connection: Declared, report: Report): void {
  const exchange = pkceExchangeOf(connection);
  for (const { request, written, candidates } of exchange.challenges) {
    const method = sentAs(METHOD, request);
    const text = method?.text.template.text;
    if (text === 'S256' || text?.includes('{{') === true) continue;
    if (method === undefined && (sendsMore(request) || holds(request, METHOD))) continue;
    const isRight = candidates.length > 0 && candidates.every(({ value }) => isS256(value, exchange));
    const path = [...request.path, 'qs', METHOD];
    const isMended = isRight && isObject(request.value.qs) && (method === undefined || method.offset === 0);
    report({
      ...wholeOf(method ?? written),
      message:
        text === undefined
          ? `The challenge has no ${METHOD}, so the method is plain.`
          : text === 'plain'
            ? 'The method plain shows the verifier to whoever sees the address.'
            : `There is no ${METHOD} ${JSON.stringify(text.slice(0, 40))}.`,
      hint: text === undefined ? `Add "${METHOD}": "S256": ${REFUSED}.` : `Write S256: ${REFUSED}.`,
      trap: text === undefined ? 'pkce-method-missing' : 'pkce-plain',
      found: text === undefined ? `no ${METHOD}` : JSON.stringify(text.slice(0, 40)),
      expected: 'S256',
      ...(isMended ? { fix: { title: 'Write S256', changes: [{ section: 'api', path, value: 'S256' }] } } : {}),
    });
  }
}

function holds({ value: { qs } }: Request, name: string): boolean {
  return isObject(qs) && Object.hasOwn(qs, name);
}

function checkVerifier(connection: Declared, report: Report): void {
  const exchange = pkceExchangeOf(connection);
  if (exchange.challenges.length === 0 || isRemade(connection, exchange)) return;
  for (const { value, open, made } of exchange.verifiers) {
    if (open || typeof value !== 'string' || FORM.test(value)) continue;
    const other = /[^\w.~-](?!.*[^\w.~-])/.exec(value)?.[0];
    const isUUID = made.text.template.text === '{{uuid}}' && made.offset === 0;
    const { path } = made.text;
    report({
      ...wholeOf(made),
      message:
        other === undefined
          ? `The code verifier has ${value.length} characters, but RFC 7636 requires 43 to 128.`
          : `The code verifier holds ${JSON.stringify(other)}, and RFC 7636 asks for letters, digits and - . _ ~ alone.`,
      hint: 'Write {{uuid}}.{{uuid}}, which has 73 characters: a strict server refuses the token request with invalid_request.',
      trap: 'pkce-short-verifier',
      found: other === undefined ? `${value.length} characters` : JSON.stringify(other),
      expected: '43 to 128 letters, digits and - . _ ~',
      ...(isUUID
        ? {
            fix: {
              title: 'Write {{uuid}}.{{uuid}}',
              changes: [{ section: 'api', path, value: '{{uuid}}.{{uuid}}' }],
            },
          }
        : {}),
    });
  }
}

function checkBoth(connection: Declared, report: Report): void {
  const { challenges, verifiers } = pkceExchangeOf(connection);
  const [challenge] = challenges;
  const [verifier] = verifiers;
  const isUnseen = (step: string, name: string) => {
    const requests = stepsOf(connection, step);
    return requests.length === 0 || requests.some((each) => sendsMore(each) || mentions(each, name));
  };
  if (challenge !== undefined && verifier === undefined && !isUnseen('token', 'code_verifier')) {
    report({
      ...wholeOf(challenge.written),
      message: 'authorize sends a challenge, but token sends no verifier.',
      hint: 'Add "code_verifier": "{{temp.code_verifier}}" to the body of token: a server that accepted the challenge refuses the token request with invalid_grant.',
      found: 'no code_verifier',
      expected: 'code_verifier',
    });
  }
  if (challenge === undefined && verifier !== undefined && !isUnseen('authorize', 'code_challenge')) {
    report({
      ...wholeOf(verifier.written),
      message: 'token sends a verifier, but authorize sends no challenge.',
      hint: 'Add code_challenge and code_challenge_method to the qs of authorize: a strict server refuses the token request with invalid_grant.',
      found: 'no code_challenge',
      expected: 'code_challenge',
    });
  }
}

const { authorize, token, info } = STEPS_THAT_WORK;

/** The same with PKCE, by functions that Make's documentation has. */
const verified = {
  authorize: {
    ...authorize,
    temp: { code_verifier: '{{uuid}}.{{uuid}}' },
    qs: {
      ...authorize.qs,
      code_challenge:
        "{{replace(replace(replace(sha256(temp.code_verifier, 'base64'), '+', '-'), '/', '_'), '=', '')}}",
      code_challenge_method: 'S256',
    },
  },
  token: {
    ...token,
    body: { ...token.body, code_verifier: '{{temp.code_verifier}}' },
    log: { sanitize: ['request.body.code_verifier', ...token.log.sanitize] },
  },
  info,
} as const;

const good = (): Declared => ({ type: 'oauth', sections: { api: verified } });

const { code_challenge_method: _, ...withoutMethod } = verified.authorize.qs;

/** The same with other words in authorize. */
function authorizing(words: object): Declared {
  return { type: 'oauth', sections: { api: { ...verified, authorize: { ...verified.authorize, ...words } } } };
}

export const PKCE_RULES = [
  {
    code: 'oauth/verifier-regenerated',
    severity: 'error',
    title: 'a code verifier that is generated twice',
    why: 'The provider checks that the verifier in the token request matches the challenge. Keywords such as uuid give a new value each time, so the two never match.',
    remedy:
      'Generate the verifier once, in temp of authorize, and use temp.code_verifier for the challenge and in token.',
    check: checkRemade,
    bad: () => ({
      type: 'oauth',
      sections: { api: { ...verified, token: { ...token, body: { ...token.body, code_verifier: '{{uuid}}' } } } },
    }),
    good,
  },
  {
    code: 'oauth/challenge-form',
    severity: 'warning',
    title: 'a code challenge that is not in the format of S256',
    why: "RFC 7636 defines S256 as the bytes of the SHA-256 hash of the verifier in base64url without padding: 43 characters. sha256(v) gives hex, sha256(v, 'base64') gives base64, and base64 of such a text encodes it once more. A strict server refuses the authorization (invalid_request) where the challenge holds + / or =, and the token request (invalid_grant) otherwise; a lenient one does not check. The challenge is worked out here for a fixed verifier. That base64url makes a text that is in base64 fit for a URL is how Make's own example and published apps read; no document of Make says what it does.",
    remedy:
      "Write {{base64url(sha256(temp.code_verifier, 'base64'))}}, or with documented functions alone {{replace(replace(replace(sha256(temp.code_verifier, 'base64'), '+', '-'), '/', '_'), '=', '')}}.",
    check: checkChallenge,
    bad: () =>
      authorizing({
        qs: { ...verified.authorize.qs, code_challenge: "{{sha256(temp.code_verifier, 'base64')}}" },
      }),
    good: () => ({ type: 'oauth', sections: { api: verified } }),
  },
  {
    code: 'oauth/challenge-method',
    severity: 'warning',
    title: 'a code challenge without the method S256',
    why: 'Without code_challenge_method the method is plain (RFC 7636, section 4.3): the server compares the challenge with the verifier itself. Strict servers refuse plain and a missing method, and answer the authorization with invalid_request.',
    remedy: 'Send "code_challenge_method": "S256" beside code_challenge.',
    check: checkMethod,
    bad: () => authorizing({ qs: withoutMethod }),
    good,
  },
  {
    code: 'oauth/verifier-form',
    severity: 'warning',
    title: 'a code verifier with a wrong length or wrong characters',
    why: "RFC 7636 asks for 43 to 128 letters, digits and - . _ ~, so that nobody can guess the verifier. One {{uuid}} has 36 characters: Make's own pages show it, and lenient servers take it, but a strict one answers the token request with invalid_request.",
    remedy: 'Write {{uuid}}.{{uuid}}, which has 73 characters.',
    check: checkVerifier,
    bad: () => authorizing({ temp: { code_verifier: '{{uuid}}' } }),
    good,
  },
  {
    code: 'oauth/pkce-incomplete',
    severity: 'warning',
    title: 'incomplete PKCE',
    why: 'The challenge in authorize and the verifier in token belong together: a server that receives only one of them answers the token request with invalid_grant.',
    remedy:
      'Send code_challenge and code_challenge_method in the qs of authorize, and code_verifier in the body of token.',
    check: checkBoth,
    bad: () => ({ type: 'oauth', sections: { api: { ...verified, token } } }),
    good,
  },
] as const satisfies readonly Rule[];
