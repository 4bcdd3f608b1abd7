/** Environment variables that are read, beside those that the terminal and the network know everywhere. */
export const ENVIRONMENT = {
  CONNECTOR_ORIGIN: 'where commands talk to, when --origin does not say',
  CONNECTOR_TOKEN: 'the token for the origin',
  'CONNECTOR_TOKEN_<ORIGIN>': 'the token for one origin; comes before CONNECTOR_TOKEN',
  'CONNECTOR_COMMON_<ID>_<KEY>': 'a value of the section common of a connection',
  'CONNECTOR_HOST_<ORIGIN>':
    'the host that the token for one origin is for, where the platform’s own addresses do not say',
  CONNECTOR_TIMEOUT: 'the seconds that a request may take; 40 when it is not set',
  CONNECTOR_INPUT: 'parameters of an instance, a JSON object, when --input does not say',
  CONNECTOR_CONTROL_TOKEN:
    'the control token of the harness at --url, or of one that is started; at least 20 characters',
  CONNECTOR_CONTROL_HOST:
    'the host that CONNECTOR_CONTROL_TOKEN is for; if it is not this machine, a harness that is started without --allow-remote has another token',
  CONNECTOR_HARNESS_STORE:
    'where the harness stores its state, when --store does not say; a URL here may have a password',
  CONNECTOR_HARNESS_KEY: 'the key that the harness encrypts secrets with',
  CONNECTOR_HARNESS_STORE_FILE: 'a file with the store, for systems that mount secrets as files',
  CONNECTOR_HARNESS_KEY_FILE: 'a file with that key',
  CONNECTOR_DEBUG: 'set: show where a bug in connector happened',
  CI: 'set: ask no questions',
  NO_COLOR: 'set: no colours',
  FORCE_COLOR: 'set: colours, even when the output is not a terminal; 0: no colours',
  'HTTP_PROXY, HTTPS_PROXY, NO_PROXY': 'how the network is reached; never used for this machine',
} as const;
