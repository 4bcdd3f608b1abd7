import { ConnectorError, lookUp, nearest } from '@connectorkit/sdk';
import { EXIT_CODES, type Run } from '../command.ts';
import { ENVIRONMENT } from '../environment.ts';
import type { help as command } from './help.ts';

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
