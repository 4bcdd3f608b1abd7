import { resolve } from 'node:path';
import { readRegularFile } from '@connectorkit/harness/regular-file';
import { ConnectorError } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { harnessDatabase } from './local-state/index.ts';

/** Bytes that a file with an address or a key may have. */
const LARGEST = 4096;

/**
 * Where a harness stores its state, and the key that encrypts the secrets there. Both may be secret, so that they may
 * also stand in an environment variable, or in a file that a variable names.
 * @throws ConnectorError usage `harness/store` for a password in the arguments, or a file that cannot be read
 */
export function storeFor(
  { environment, cwd }: Pick<Context, 'environment' | 'cwd'>,
  root: string,
  option: string | undefined,
): { readonly store: string; readonly storeKey?: string } {
  if (option !== undefined && /^\w+:\/\/[^@]*:.*@|[?&]password=/is.test(option)) throw openPassword();
  const given = (name: string) => environment[name] || textIn(`${name}_FILE`, environment[`${name}_FILE`], cwd);
  const key = given('CONNECTOR_HARNESS_KEY');
  const store = option ?? given('CONNECTOR_HARNESS_STORE') ?? harnessDatabase(root);
  return { store, ...(key === undefined ? {} : { storeKey: key }) };
}

function textIn(variable: string, file: string | undefined, cwd: string): string | undefined {
  if (!file) return undefined;
  let reason = 'there is no such file';
  try {
    const text = readRegularFile(resolve(cwd, file), LARGEST)?.toString('utf8').trim();
    if (text) return text;
    if (text === '') reason = 'it is empty';
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new ConnectorError('usage', {
    code: 'harness/store',
    message: `The file ${file} in ${variable} cannot be used: ${reason}.`,
    hint: `Write the value into that file, or unset ${variable}.`,
    found: file,
  });
}

function openPassword(): ConnectorError {
  return new ConnectorError('usage', {
    code: 'harness/store',
    message: 'The address in --store contains a password, which other users of this machine can see.',
    hint: 'Set the whole address in CONNECTOR_HARNESS_STORE, or the password in PGPASSWORD.',
  });
}
