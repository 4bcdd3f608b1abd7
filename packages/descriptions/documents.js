/**
 * A description that a vendor publishes in a package, and what its documentation says that it does not.
 * @typedef {object} Listed
 * @property {string} file in node_modules
 * @property {readonly string[]} [options] of `connector create`
 * @property {string} [source] where the vendor says what the options say
 */

const EXAMPLES = '@readme/oas-examples';

/** @type {readonly Listed[]} */
export const DOCUMENTS = [
  { file: '@octokit/openapi/generated/api.github.com.json' },
  {
    file: '@octokit/openapi/generated/api.github.com.json',
    options: ['--auth', 'bearer'],
    source: 'docs.github.com/en/rest/authentication',
  },
  {
    file: '@octokit/openapi/generated/ghes-3.19.json',
    options: ['--auth', 'basic', '--server', 'https://github.acme.test/api/v3'],
    source: 'docs.github.com/en/enterprise-server/rest/authentication',
  },
  { file: '@figma/rest-api-spec/openapi/openapi.yaml' },
  { file: '@blockfrost/openapi/openapi.yaml' },
  { file: '@blockfrost/openapi/openapi.yaml', options: ['--verify', 'GET /mempool'] },
  { file: 'shipengine-openapi/openapi.yaml' },
  { file: 'shipengine-openapi/openapi.json', options: ['--verify', 'GET /v1/carriers'] },
  { file: 'rclone-openapi/openapi.yaml' },
  { file: 'rclone-openapi/openapi.json', options: ['--auth', 'basic'], source: 'rclone.org/rc' },
  { file: '@directus/specs/dist/openapi.json' },
  {
    file: '@directus/specs/dist/openapi.json',
    options: ['--server', 'https://directus.acme.test', '--prefix', 'Bearer'],
    source: 'directus.io/docs/guides/connect/authentication',
  },
  { file: '@ideal-postcodes/openapi/dist/openapi.json' },
  {
    file: '@ideal-postcodes/openapi/dist/openapi.yaml',
    options: ['--auth', 'query:api_key'],
    source: 'docs.ideal-postcodes.co.uk',
  },
  { file: '@digdir/dialogporten-schema/swagger.verified.json' },
  { file: '@scalar/galaxy/dist/latest.yaml' },
  { file: '@dcl/catalyst-api-specs/lib/api.yaml' },
  { file: 'swagger-zoo/fixtures/examples/swagger/instagram.yaml' },
  { file: 'swagger-zoo/fixtures/examples/swagger/uber.yaml' },
  {
    file: 'swagger-zoo/fixtures/examples/swagger/uber.yaml',
    options: ['--auth', 'header:Authorization', '--prefix', 'Token'],
    source: 'the vendor’s guide to server tokens',
  },
  { file: `${EXAMPLES}/2.0/json/petstore.json` },
  { file: `${EXAMPLES}/3.0/yaml/petstore.yaml` },
  { file: `${EXAMPLES}/3.1/json/petstore.json` },
  { file: `${EXAMPLES}/3.0/json/security.json` },
  { file: `${EXAMPLES}/3.1/yaml/security.yaml` },
  { file: `${EXAMPLES}/3.0/json/security-multiple.json` },
  { file: `${EXAMPLES}/3.0/json/server-variables.json`, options: ['--auth', 'bearer'] },
  { file: `${EXAMPLES}/3.0/json/readme-legacy.json` },
  { file: `${EXAMPLES}/3.1/json/readme.json` },
  { file: `${EXAMPLES}/3.1/json/train-travel.json` },
  { file: `${EXAMPLES}/3.0/json/star-trek.json`, options: ['--auth', 'query:apiKey'] },
  { file: `${EXAMPLES}/3.0/json/uspto.json` },
];
