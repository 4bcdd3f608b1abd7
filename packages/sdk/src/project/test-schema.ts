import type { JSONSchema } from '../sections/section.ts';

const ref = (name: string): JSONSchema => ({ $ref: `#/$defs/${name}` });

const words: JSONSchema = { type: 'string', minLength: 1 };

const how: JSONSchema = { type: 'string', enum: ['whole', 'part'] };

const DEFINITIONS: Readonly<Record<string, JSONSchema>> = {
  given: {
    description: 'What the connection is run with. What the file gives holds for all of its cases.',
    type: 'object',
    properties: {
      parameters: { description: 'What the user fills in, by the names of the form’s fields.', type: 'object' },
      common: { description: 'The values of common. Never real ones.', type: 'object' },
      scopes: {
        description: 'Scopes that are requested in addition to those of the section scope.',
        type: 'array',
        items: words,
      },
      redirectUri: {
        description: 'Where the browser is sent back to (default: http://127.0.0.1:4610/callback).',
        ...words,
      },
      now: {
        description:
          'The time of the run, ISO 8601; it does not change during the run (default: 2026-01-01T00:00:00.000Z).',
        ...words,
      },
      timezone: { description: 'The IANA name of the time zone of dates (default: UTC).', ...words },
      chance: {
        description: 'What random numbers are made from: the same text gives the same numbers (default: "test").',
        type: 'string',
      },
      stored: {
        description: 'What the connection stored before: for verify, refresh and invalidate.',
        type: 'object',
        properties: {
          data: { type: 'object' },
          metadata: ref('metadata'),
          uid: { type: ['string', 'number'] },
          expires: words,
          scope: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  metadata: {
    type: 'object',
    properties: { value: { type: 'string' }, type: { type: 'string' } },
    required: ['value'],
    additionalProperties: false,
  },
  exchange: {
    description:
      'A request and its answer, or the way of the browser to the provider and back: in the order of the run.',
    type: 'object',
    properties: {
      request: ref('request'),
      answer: ref('answer'),
      visit: ref('visit'),
      query: {
        description: 'What the browser brings back in its query string; the state that it was sent with is added.',
        type: 'object',
      },
    },
    additionalProperties: false,
  },
  request: {
    description: 'The expected request; omitted parts may have any value.',
    type: 'object',
    properties: {
      method: words,
      url: {
        description: 'Absolute; with its query string if it has a question mark, without it otherwise.',
        ...words,
      },
      qs: { description: 'The query string by names, each with a text or a list of texts.', type: 'object' },
      headers: { description: 'Headers by name; null for a header that must not be sent.', type: 'object' },
      body: {
        description: 'The body: a value for JSON and for forms, a text for all else. A text is compared as it is sent.',
      },
      match: {
        description: 'Sets for which parts additional values may be sent (default: only headers).',
        type: 'object',
        properties: { qs: how, headers: how, body: how },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  visit: {
    description: 'The address that the browser has to be sent to; state may be anything unless it is named.',
    type: 'object',
    properties: {
      url: words,
      qs: { description: 'The query string by names, each with a text or a list of texts.', type: 'object' },
      match: { type: 'object', properties: { qs: how }, additionalProperties: false },
    },
    additionalProperties: false,
  },
  answer: {
    description: 'What the vendor answers.',
    type: 'object',
    properties: {
      status: { description: 'Default: 200.', type: ['integer', 'string'] },
      headers: { description: 'Headers by names, each with a text or a list of texts.', type: 'object' },
      body: { description: 'A text is sent as it is, everything else as JSON.' },
      bytes: { description: 'In place of the body: bytes in base64.', type: 'string' },
      failure: {
        description: 'A failure in place of a response.',
        type: 'string',
        enum: ['timeout', 'too-large', 'certificate', 'unreachable'],
      },
    },
    additionalProperties: false,
  },
  expect: {
    description:
      'The expected results; omitted ones may have any value. The run must succeed unless an error is expected.',
    type: 'object',
    properties: {
      data: { description: 'What is stored.', type: 'object' },
      metadata: { description: 'What is shown behind the name of the connection; null for nothing.' },
      uid: { description: 'The id of the account; null for none.' },
      expires: {
        description: 'When the user has to authorize again, ISO 8601; null for never.',
        type: ['string', 'null'],
      },
      scope: { description: 'The scopes that were granted; null for unknown.' },
      error: { description: 'The words of the error with which the run has to end, or more about it.' },
      steps: {
        description: 'The steps in their order; "refresh skipped" for one whose condition is not true, "info failed".',
        type: 'array',
        items: words,
      },
      match: {
        description: 'Sets if additional values may be stored (default: no).',
        type: 'object',
        properties: { data: how },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  case: {
    type: 'object',
    properties: {
      name: { description: 'What is tested, in a few words.', ...words },
      run: {
        description: 'What is done with the connection (default: connect).',
        type: 'string',
        enum: ['connect', 'verify', 'refresh', 'invalidate'],
      },
      given: ref('given'),
      exchanges: { type: 'array', items: ref('exchange') },
      expect: ref('expect'),
      table: {
        description: `Runs the case once for each row; \${name} in its texts is replaced by the value in that column.`,
        type: 'array',
        minItems: 1,
        items: { type: 'object' },
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
};

/** Schema of a file of tests; `docs/how-to/tests.md` shows it by examples. */
export const TEST_SCHEMA: JSONSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Tests of a connection',
  description: 'The expected behaviour of a connection: inputs, requests, responses and results.',
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    connection: { description: 'The id of the connection, where several share the folder.', ...words },
    recorded: {
      description: 'When it was recorded from a real run, ISO 8601; the file holds no secrets then.',
      ...words,
    },
    given: ref('given'),
    cases: { type: 'array', minItems: 1, items: ref('case') },
  },
  required: ['cases'],
  additionalProperties: false,
  $defs: DEFINITIONS,
};
