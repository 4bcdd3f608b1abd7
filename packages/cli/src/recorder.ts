import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import type { Instance, RunName } from '@connectorkit/sdk/runtime';
import { Capture, recordingOf, testFileNamed } from '@connectorkit/sdk/tests';
import type { Context } from './command.ts';
import type { RunnableConnection } from './run-connection.ts';

/** Records a run of a connection as a test. */
export interface Recorder {
  readonly capture: Capture;
  /** Writes the test of the run that was captured. The run took place: that it cannot be recorded is told beside it. */
  write(run: RunName, stored?: Instance): Promise<Recorded>;
}

/** Outcome of a recording: its file, relative to the project, or the problems that kept it from being written. */
export interface Recorded {
  readonly file?: string;
  readonly diagnostics?: readonly Diagnostic[];
}

const NAME = /^[A-Za-z0-9][\w.-]*$/;

/** Prepares a recording, before anything runs. @throws ConnectorError usage `record/name`, `record/exists` */
export function recorderFor(context: Context, { connection, rules }: RunnableConnection, name: string): Recorder {
  if (!NAME.test(name)) {
    throw new ConnectorError('usage', {
      code: 'record/name',
      message: `${JSON.stringify(name)} cannot be the name of a test.`,
      hint: 'Use letters, digits, dots, hyphens and underscores, such as --record first-login.',
      found: name,
    });
  }
  const files = context.files(context.root());
  const path = testFileNamed(connection, name);
  if (files.read(path) !== undefined) {
    throw new ConnectorError('usage', {
      code: 'record/exists',
      message: `${path} is there already.`,
      hint: 'Choose another name, or delete it first.',
      file: path,
    });
  }
  const capture = new Capture();
  return {
    capture,
    write: async (run, stored) => {
      const given = { name, run, rules, keyLike, ...(stored === undefined ? {} : { stored }) };
      try {
        const { file, text } = await recordingOf(connection, capture, given);
        files.write(file, text, { over: null });
        return { file };
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        return { diagnostics: error.diagnostics };
      }
    },
  };
}

/** Returns a new private key of the same kind, in PEM; undefined for what cannot be read, or is of a kind that is not known. */
function keyLike(pem: string): string | undefined {
  try {
    return made(createPrivateKey(pem))?.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    return undefined;
  }
}

function made({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): KeyObject | undefined {
  const { namedCurve } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  if (asymmetricKeyType === 'ec' && namedCurve !== undefined)
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  return asymmetricKeyType === 'ed25519' ? generateKeyPairSync('ed25519').privateKey : undefined;
}
