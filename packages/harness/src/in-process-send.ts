import type { Send } from '@connectorkit/sdk/emulator';
import type { Emulations } from './mounting.ts';

/** Straight to the platforms, past faults and journal. */
export function inside(emulations: Emulations): Send {
  return async ({ method, url, headers: given, body: text }) => {
    const { pathname, search } = new URL(url);
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
    const body = text === undefined ? undefined : Buffer.from(text);
    const asked = `${pathname}${search}`;
    const emulation = await emulations.at(asked);
    const answer = await emulation.answer({ method, url: asked, headers, body, spared: true });
    const single = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
    return { status: answer.status, headers: Object.fromEntries(single), body: answer.body };
  };
}
