import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeholder, Secrets } from './secrets.ts';

/** Secrets that the sign in their place does not hold itself. */
const secret = fc
  .oneof(fc.string({ minLength: 4, maxLength: 40 }), fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }))
  .filter((text) => text.trim().length >= 4 && !placeholder('it').includes(text.trim()));

const around = fc.string({ maxLength: 12 });

/** How secrets get into texts, each with what must not be left. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'percent-encoded': encodeURIComponent,
  'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'form-encoded': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'in a JSON string': (text) => JSON.stringify(text).slice(1, -1),
};

test.each(Object.entries(FORMS))('a secret %s is hidden, whatever stands around it', (_, form) => {
  fc.assert(
    fc.property(secret, around, around, (text, before, after) => {
      const secrets = new Secrets();
      secrets.add(text, 'it');
      const hidden = secrets.hide(before + form(text) + after);
      const left = form(text.trim());
      // Where what stands around it makes the same text again, that is no secret of ours.
      fc.pre(
        !before.includes(left) && !after.includes(left) && !`${before}${placeholder('it')}${after}`.includes(left),
      );
      expect(hidden).not.toContain(left);
    }),
  );
});

test('a secret in base64 is hidden, alone and behind a name', () => {
  fc.assert(
    fc.property(secret, fc.string({ maxLength: 8 }), fc.constantFrom('base64', 'base64url'), (text, name, encoding) => {
      const secrets = new Secrets();
      secrets.add(text, 'it');
      const whole = Buffer.from(`${name}:${text}`).toString(encoding as 'base64');
      const hidden = secrets.hide(`Basic ${whole} end`);
      expect(hidden).toBe('Basic [redacted it] end');
    }),
  );
});

test.each(['x', '+', 'é', '%', '\u{1f511}'])('a secret of very many %s is hidden, as one', (character) => {
  const text = `${character.repeat(35_000)}-${character.repeat(35_001)}`;
  const secrets = new Secrets();
  secrets.add(text, 'it');
  for (const form of Object.values(FORMS)) {
    expect(
      secrets
        .hide(`a ${form(text)} b`)
        .replace(/^a (.*) b$/s, '$1')
        .slice(0, 100),
    ).toBe('[redacted it]');
  }
  expect(secrets.hide(`a ${Buffer.from(`a:${text}`).toString('base64')} b`)).toBe('a [redacted it] b');
});
