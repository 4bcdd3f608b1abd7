const openapi = (/** @type {string} */ name, /** @type {string} */ module, /** @type {object} */ more = {}) => ({
  part: /** @type {const} */ ('readers'),
  name,
  module: `./readers/${module}.js`,
  cases: [
    { tried: 'the contracts of the four platforms, OpenAPI 3.1', attempt: 'read', ...more },
    { tried: 'one that is broken on purpose is refused', attempt: 'broken' },
  ],
});

const report = (
  /** @type {string} */ name,
  /** @type {string} */ module,
  /** @type {import('../peers.js').Case[]} */ cases,
) => ({
  part: /** @type {const} */ ('readers'),
  name,
  module: `./readers/${module}.js`,
  cases,
});

/** @type {readonly import('../peers.js').Peer[]} */
export const READERS = [
  report('@microsoft/sarif-multitool', 'multitool', [
    {
      tried: 'SARIF with errors and warnings',
      attempt: 'validate',
      expected: { 4: 'fails' },
      seen: /cannot be an empty string/,
      why: 'This version ends with an exception before it reads anything, with every log: it asks for the version of a file that a single-file program has not.',
    },
  ]),
  report('sarif-junit', 'sarif-junit', [{ tried: 'SARIF becomes JUnit', attempt: 'convert' }]),
  report('@security-alert/sarif-to-markdown', 'markdown', [{ tried: 'SARIF becomes Markdown', attempt: 'convert' }]),
  report('junit2json', 'junit2json', [{ tried: 'failures with their messages in JUnit', attempt: 'read' }]),
  report('junit-report-merger', 'merger', [
    { tried: 'the JUnit reports of `validate` and of `test` in one', attempt: 'merge' },
  ]),
  report('junitxml-to-javascript', 'javascript', [{ tried: 'failures in JUnit', attempt: 'read' }]),
  report('junit-to-ctrf', 'ctrf', [{ tried: 'failures in JUnit', attempt: 'read' }]),
  openapi('@redocly/openapi-core', 'redocly'),
  openapi('@apidevtools/swagger-parser', 'swagger-parser'),
  openapi('@readme/openapi-parser', 'readme-parser'),
  openapi('openapi-typescript', 'openapi-typescript'),
  openapi('@seriousme/openapi-schema-validator', 'seriousme'),
  {
    part: 'readers',
    name: 'typescript',
    module: './readers/typescript.js',
    cases: [
      { tried: '`connector.d.ts` of all templates and examples, strict', attempt: 'compile' },
      {
        tried: 'the same with exactOptionalPropertyTypes and isolatedDeclarations',
        attempt: 'compile',
        given: { options: { exactOptionalPropertyTypes: true, isolatedDeclarations: true, declaration: true } },
      },
      { tried: 'what is right compiles, what is wrong does not', attempt: 'use' },
    ],
  },
];
