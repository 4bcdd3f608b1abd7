import { ConnectorError } from '@connectorkit/sdk';
import type { Environment } from '@connectorkit/sdk/project';
import type { Instance, Trace } from '@connectorkit/sdk/runtime';
import { decrypted, encrypted } from './encryption.ts';
import type { Content, LocalState } from './index.ts';

/** A connection that was connected on this machine. It holds secrets. */
export interface Connected {
  /** Such as `github-1`: the id of the connection, and a number. */
  readonly id: string;
  /** The id of the connection in the project. */
  readonly connection: string;
  /** True if the harness's local provider stands in for the real API. */
  readonly local: boolean;
  /** ISO 8601, by the clock that the connection is run with. */
  readonly connected: string;
  readonly changed: string;
  readonly redirectUri: string;
  /** Values that were filled into the form. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Scopes that were asked for beside those of the section. */
  readonly scopes?: readonly string[];
  readonly instance: Instance;
  /** Of the last run. */
  readonly trace: Trace;
}

/** The connections that were connected on this machine, in the order of their ids. */
export interface ConnectedStore {
  all(): readonly Connected[];
  /** @throws ConnectorError usage `connected/unknown` */
  get(id: string): Connected;
  /** Keeps a new one under the next free id. */
  add(connected: Omit<Connected, 'id'>): Connected;
  replace(connected: Connected): void;
  remove(id: string): void;
}

/** Opens the connections of a project that this user connected; what cannot be decrypted is as if it were not there. */
export function connectedStore(state: LocalState, environment: Environment): ConnectedStore {
  const all = () => {
    const codes = Object.entries(codesIn(state.read('connected')));
    return codes.flatMap(([id, code]) => opened(id, code, environment)).sort(byId);
  };
  const change = (edit: (codes: Record<string, string>) => void) => {
    state.update('connected', (before) => {
      const connected = { ...codesIn(before) };
      edit(connected);
      return { connected };
    });
  };
  const replace = (connected: Connected) => {
    const code = encrypted(JSON.stringify(connected), purposeOf(connected.id), environment);
    change((codes) => {
      codes[connected.id] = code;
    });
  };
  return {
    all,
    get(id) {
      const known = all();
      const found = known.find((each) => each.id === id);
      if (found !== undefined) return found;
      throw new ConnectorError('usage', {
        code: 'connected/unknown',
        message: `There is no connected connection ${JSON.stringify(id)} on this machine.`,
        hint:
          known.length === 0
            ? 'Connect one with `connector connect`.'
            : `There is ${known.map((each) => each.id).join(', ')}.`,
        found: id,
      });
    },
    add(connected) {
      let added: Connected | undefined;
      change((codes) => {
        let number = 1;
        while (Object.hasOwn(codes, `${connected.connection}-${number}`)) number++;
        added = { id: `${connected.connection}-${number}`, ...connected };
        codes[added.id] = encrypted(JSON.stringify(added), purposeOf(added.id), environment);
      });
      return added as Connected;
    },
    replace,
    remove: (id) =>
      change((codes) => {
        delete codes[id];
      }),
  };
}

function purposeOf(id: string): string {
  return `connected ${id}`;
}

function opened(id: string, code: string, environment: Environment): readonly Connected[] {
  const text = decrypted(code, purposeOf(id), environment);
  return text === undefined ? [] : [JSON.parse(text) as Connected];
}

/** Id → encrypted connection. The record is ours and of this version: it is not read otherwise. */
function codesIn(record: Content = {}): Record<string, string> {
  return (record.connected ?? {}) as Record<string, string>;
}

function byId(one: Connected, other: Connected): number {
  return one.id.localeCompare(other.id, 'en', { numeric: true });
}
