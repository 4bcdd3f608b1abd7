import { types } from 'node:util';
import { nodeCrypto } from '../../node-crypto.ts';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { textOf as asText } from '../values.ts';
import { bytesOf, isMissing, kindOf, textOf, textOr } from './coercion.ts';

/* Text to bytes and back, and what is computed of bytes. Texts are UTF-8. What is missing stays missing. */

/** Node calls latin1 `binary` here. */
const DIGEST_ENCODINGS = { hex: 'hex', base64: 'base64', latin1: 'binary' } as const;
const KEY_ENCODINGS = { text: 'utf8', hex: 'hex', base64: 'base64', binary: 'latin1' } as const;
const BUFFER_ENCODINGS = { utf8: 'utf8', ascii: 'ascii', hex: 'hex', base64: 'base64', binary: 'latin1' } as const;

/** @throws IMLError for an encoding that is not in the table. */
function encodingOf<T extends string>(
  name: string,
  table: Readonly<Record<string, T>>,
  value: unknown,
  otherwise: T,
  surroundings: EvaluationContext,
): T {
  if (isMissing(value) || value === '') return otherwise;
  const key = textOf(name, value, surroundings).toLowerCase();
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  if (found === undefined) {
    // Whatever stands in its place may be the key, which no message shows.
    throw new IMLError(`${name} supports only the encodings ${Object.keys(table).join(', ')}.`);
  }
  return found;
}

/** A hash, or with a key an HMAC (RFC 2104). */
function hashing(name: 'sha1' | 'sha256' | 'sha512', result: string): IMLFunction {
  return {
    name,
    parameters: [
      { name: 'text', type: { union: ['text', 'buffer'] } },
      { name: 'encoding', type: 'text', optional: true },
      { name: 'key', type: { union: ['text', 'buffer'] }, optional: true },
      { name: 'keyEncoding', type: 'text', optional: true },
    ],
    returns: 'text',
    summary: `Computes the ${name.toUpperCase()} hash of a text or buffer, or its HMAC when there is a key, in hex, base64 or latin1.`,
    example: { template: `{{${name}('abc')}}`, result },
    run: ([value, encoding, key, keyEncoding], surroundings) => {
      if (isMissing(value)) return value;
      const bytes = bytesOf(name, value, surroundings);
      const form = encodingOf(name, DIGEST_ENCODINGS, encoding, 'hex', surroundings);
      if (isMissing(key)) return nodeCrypto().createHash(name).update(bytes).digest(form);
      const secret = types.isUint8Array(key)
        ? key
        : Buffer.from(
            textOf(name, key, surroundings),
            encodingOf(name, KEY_ENCODINGS, keyEncoding, 'utf8', surroundings),
          );
      return nodeCrypto().createHmac(name, secret).update(bytes).digest(form);
    },
  };
}

export const BINARY: readonly IMLFunction[] = [
  {
    name: 'base64',
    parameters: [{ name: 'value', type: { union: ['text', 'buffer'] } }],
    returns: 'text',
    summary: 'Writes a text or buffer in base64.',
    example: { template: "{{base64('a:b')}}", result: 'YTpi' },
    run: ([value], surroundings) =>
      isMissing(value) ? value : bytesOf('base64', value, surroundings).toString('base64'),
  },
  {
    name: 'base64url',
    parameters: [{ name: 'base64', type: 'text' }],
    returns: 'text',
    summary: 'Converts a text in base64 to base64url: - for +, _ for /, and no =.',
    example: {
      template: "{{base64url(sha256('abc', 'base64'))}}",
      result: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    },
    documented: false,
    run: ([value], surroundings) =>
      isMissing(value)
        ? value
        : textOf('base64url', value, surroundings).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''),
  },
  {
    name: 'md5',
    parameters: [{ name: 'text', type: { union: ['text', 'buffer'] } }],
    returns: 'text',
    summary: 'Computes the MD5 hash of a text or buffer, in hex.',
    example: { template: "{{md5('hello')}}", result: '5d41402abc4b2a76b9719d911017c592' },
    run: ([value], surroundings) =>
      isMissing(value)
        ? value
        : nodeCrypto()
            .createHash('md5')
            .update(bytesOf('md5', value, surroundings))
            .digest('hex'),
  },
  hashing('sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  hashing('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  hashing(
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ),
  {
    name: 'toString',
    parameters: [
      { name: 'value', type: 'any' },
      { name: 'encoding', type: 'text', optional: true },
    ],
    returns: 'text',
    summary:
      'Gives the text of a value: items with commas, dates in ISO 8601, a buffer in an encoding, a collection as `{object}`.',
    example: { template: "{{toString(toBinary('TWFrZQ==', 'base64'))}}", result: 'Make' },
    run: ([value, encoding], surroundings) => {
      if (isMissing(value)) return value;
      if (kindOf(value) !== 'buffer') return asText(value, surroundings);
      const form = encodingOf('toString', BUFFER_ENCODINGS, encoding, 'utf8', surroundings);
      return bytesOf('toString', value, surroundings).toString(form);
    },
  },
  {
    name: 'toBinary',
    parameters: [
      { name: 'value', type: 'any' },
      { name: 'encoding', type: 'text', optional: true },
    ],
    returns: 'buffer',
    summary: 'Gives the bytes of a value, whose text is in UTF-8 or in the encoding that is named.',
    example: { template: "{{toBinary('4d616b65', 'hex')}}", result: Buffer.from('Make') },
    run: ([value, encoding], surroundings) => {
      if (isMissing(value)) return value;
      if (kindOf(value) === 'buffer') return bytesOf('toBinary', value, surroundings);
      const form = encodingOf('toBinary', BUFFER_ENCODINGS, encoding, 'utf8', surroundings);
      return Buffer.from(textOr('toBinary', value, '', surroundings), form);
    },
  },
];
