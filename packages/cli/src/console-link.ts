import type { ConsoleLink } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import { openBrowser } from './browser.ts';
import type { Context } from './command.ts';
import type { Ask } from './harness-control.ts';

/** A harness whose console is opened. */
export interface ConsoleAt {
  /** By which this machine's browser reaches it, without a slash at the end. */
  readonly url: string;
  readonly ask: Ask;
}

/**
 * Opens the console of a harness in the user's browser, by a link that begins a session once.
 * @param printUrl true if the link is printed instead
 * @throws ConnectorError refused `origin/refused` for a harness that has no console; what the harness refuses
 */
export async function openConsole({ report }: Pick<Context, 'report'>, { url, ask }: ConsoleAt, printUrl: boolean) {
  const { link } = await ask('POST', '/console-links');
  const path = (link as Partial<ConsoleLink> | undefined)?.path;
  if (typeof path !== 'string' || !path.startsWith('/__harness/console/')) {
    throw new ConnectorError('refused', {
      code: 'origin/refused',
      message: 'The harness answered without a link to its console.',
      hint: 'Use a harness of the same version.',
    });
  }
  const address = `${url}${path}`;
  const opened = !printUrl && (await openBrowser(address));
  const message = opened
    ? `Your browser shows the console at ${url}.`
    : `Open this address in your browser, once, within two minutes: ${address}`;
  report({ kind: 'note', message });
}
