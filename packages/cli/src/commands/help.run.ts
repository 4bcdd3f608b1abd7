import { ConnectorError, lookUp, nearest } from '@connectorkit/sdk';
import { EXIT_CODES, type Run } from '../command.ts';
import type { help as command } from './help.ts';

/** Environment variables that are read, beside those that the terminal and the network know everywhere. */
const ENVIRONMENT = {
  CONNECTOR_ORIGIN: 'where commands talk to, when --origin does not say',
  CONNECTOR_TOKEN: 'the token for the origin',
  'CONNECTOR_TOKEN_<ORIGIN>': 'the token for one origin; comes before CONNECTOR_TOKEN',
  'CONNECTOR_COMMON_<ID>_<KEY>': 'a value of the section common of a connection',
  CONNECTOR_INPUT: 'parameters of an instance, a JSON object, when --input does not say',
  CONNECTOR_CONTROL_TOKEN: 'the control token of the harness at --url, or of one started with --allow-remote',
  CONNECTOR_CONTROL_HOST: 'the host that CONNECTOR_CONTROL_TOKEN is for',
  CONNECTOR_HARNESS_KEY: 'the key that the harness keeps secrets with',
  CONNECTOR_DEBUG: 'set: show where a bug in connector happened',
  CI: 'set: ask no questions',
  NO_COLOR: 'set: no colours',
  FORCE_COLOR: 'set: colours, even when the output is not a terminal; 0: no colours',
  'HTTP_PROXY, HTTPS_PROXY, NO_PROXY': 'how the network is reached; never used for this machine',
} as const;

interface Topic {
  readonly data: unknown;
  readonly lines: readonly string[];
}

const TOPICS: Readonly<Record<string, () => Topic>> = {
  'exit-codes': () => ({
    data: Object.entries(EXIT_CODES).map(([name, { code, meaning }]) => ({ name, code, meaning })),
    lines: Object.values(EXIT_CODES).map(({ code, meaning }) => `${String(code).padStart(3)}  ${meaning}`),
  }),
  environment: () => {
    const width = Math.max(...Object.keys(ENVIRONMENT).map((name) => name.length));
    return {
      data: ENVIRONMENT,
      lines: Object.entries(ENVIRONMENT).map(([name, does]) => `${name.padEnd(width)}  ${does}`),
    };
  },
};

export const run: Run<typeof command> = async (context, { topic }) => {
  const about = topic === undefined ? undefined : lookUp(TOPICS, topic)?.();
  if (about !== undefined) return about;
  const meantCommand = context.commands.find(({ name }) => name === topic);
  if (topic === undefined || meantCommand !== undefined) {
    const text = await context.help(meantCommand);
    return { lines: [text], data: { help: text } };
  }
  const known = [...context.commands.map(({ name }) => name), ...Object.keys(TOPICS)];
  const meant = nearest(topic, known);
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `There is no help for ${JSON.stringify(topic)}.`,
    hint: meant === undefined ? `There is help for ${known.join(', ')}.` : `Did you mean ${meant}?`,
  });
};
