import { ConnectorError } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { PROOFS } from '../runtime/authorize.ts';
import { asText, readPairs } from '../runtime/form-encoding.ts';
import type { PrepareOptions } from '../runtime/prepare.ts';
import type { Visit } from '../runtime/records.ts';
import { type HttpAnswer, type HttpCall, type Transport, TransportError } from '../runtime/transport.ts';
import type { Given, GivenAnswer, TestExchange } from './test-file.ts';

/** Time of a run whose test gives none. */
const NOW = '2026-01-01T00:00:00.000Z';
const CHANCE = 'test';
const REDIRECT_URI = 'http://127.0.0.1:4610/callback';

/** Request of a run, or address that its browser was sent to. */
export type Played =
  | { readonly call: HttpCall; readonly url?: undefined }
  | { readonly url: string; readonly call?: undefined };

/** Stand-in for a vendor: each request gets the answer of the exchange whose turn it is. */
export interface Stage {
  readonly transport: Transport;
  readonly visit: Visit;
  /** Everything that was sent so far. The first that no exchange stood for is the last. */
  readonly played: readonly Played[];
}

/** Returns the options of a run as a test gives them; clock and chance are the same each time. */
export function optionsFor(given: Given, transport: Transport): PrepareOptions {
  const { parameters, common, scopes, redirectUri = REDIRECT_URI, now = NOW, timezone, chance = CHANCE } = given;
  const moment = new Date(now);
  return {
    ...{ redirectUri, transport, now: () => new Date(moment), chance: chanceFrom(chance) },
    ...(parameters === undefined ? {} : { parameters }),
    ...(common === undefined ? {} : { common }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(timezone === undefined ? {} : { timezone }),
  };
}

/** Returns bytes that look random and are the same for the same text. */
function chanceFrom(seed: string): (size: number) => Uint8Array {
  let count = 0;
  return (size) => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < size; length += 32) {
      blocks.push(nodeCrypto().createHash('sha256').update(`${seed} ${count++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, size);
  };
}

/** Sets the exchanges up; each is used once, in their order. */
export function stageOf(exchanges: readonly TestExchange[]): Stage {
  const played: Played[] = [];
  const next = (each: Played) => exchanges[played.push(each) - 1];
  return {
    played,
    transport: async (call) => {
      const exchange = next({ call });
      if (exchange?.answer === undefined) throw unexpected();
      if (exchange.answer.failure !== undefined) {
        throw new TransportError(exchange.answer.failure, 'the test says so');
      }
      return answerOf(exchange.answer);
    },
    visit: async ({ url }) => {
      const exchange = next({ url });
      if (exchange?.query === undefined) {
        const message = 'The test has no visit of the browser here.';
        throw new ConnectorError('findings', { code: 'test/unexpected-request', message });
      }
      return broughtBack(url, exchange.query);
    },
  };
}

/** Ends a run that sends what no exchange stands for. It is told by what was played, and not by the error. */
function unexpected(): TransportError {
  return new TransportError('unreachable', 'the test has no exchange for it');
}

/** Returns a header as the transport gives it: the values of one that is repeated are joined, but for cookies. */
function received(name: string, value: string | readonly string[]): [string, string | readonly string[]] {
  return [name, typeof value === 'string' || name === 'set-cookie' ? value : value.join(', ')];
}

function answerOf({ status = 200, headers = {}, body, bytes }: GivenAnswer): HttpAnswer {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => received(name.toLowerCase(), value)));
  const isJSON = typeof body !== 'string';
  const text = body === undefined ? '' : isJSON ? JSON.stringify(body) : body;
  const mediaType = body === undefined ? {} : { 'content-type': isJSON ? 'application/json' : 'text/plain' };
  return {
    status,
    headers: { ...mediaType, ...lower },
    body: Buffer.from(bytes ?? text, bytes === undefined ? 'utf8' : 'base64'),
  };
}

/** Returns what the browser brings back: the state that it was sent with too, unless the test says otherwise. */
function broughtBack(url: string, query: NonNullable<TestExchange['query']>): URLSearchParams {
  const sent = readPairs(url.slice(url.indexOf('?') + 1)).filter(([name]) => PROOFS.includes(name));
  const isRefusal = ['error', 'denied'].some((name) => Object.hasOwn(query, name));
  const proofs = sent.filter(([name]) => !Object.hasOwn(query, name) && (name === 'state' || !isRefusal));
  const own = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((each) =>
      each === null ? [] : [[name, isObject(each) ? JSON.stringify(each) : asText(each)]],
    ),
  );
  return new URLSearchParams([...own, ...proofs.map((pair) => [...pair])] as [string, string][]);
}
