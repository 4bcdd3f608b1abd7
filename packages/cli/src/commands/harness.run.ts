import type { Fault, JournalEntry, ListedSpace } from '@connectorkit/harness';
import { ConnectorError, type Files, lookUp, nearest } from '@connectorkit/sdk';
import { findProject } from '@connectorkit/sdk/node';
import { projectTexts } from '@connectorkit/sdk/project';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { openConsole } from '../console-link.ts';
import { type Exclusive, refuseExclusive } from '../exclusive-options.ts';
import { type Ask, controlOf } from '../harness-control.ts';
import { textGiven } from '../input.ts';
import { interrupted, startHarness } from '../local-harness.ts';
import { plural } from '../output/text.ts';
import { remoteHarness } from '../remote-harness.ts';
import { recordedHarness } from '../running-harness.ts';
import type { ACTIONS, harness as command } from './harness.ts';

type Action = (typeof ACTIONS)[number];

interface ActionInput {
  readonly context: Context;
  readonly args: Arguments<typeof command>;
  readonly files: Files;
  readonly ask: Ask;
  /** Of the harness, without a slash at the end. */
  readonly url: string;
  readonly subject: string | undefined;
  /** The command that does something more to the same harness. */
  readonly again: (action: string) => string;
}

export const run: Run<typeof command> = async (context, args) => {
  const root = findProject(context.cwd) ?? context.cwd;
  if (args.action !== undefined) {
    const files = context.files(root);
    const { subject, url } = args;
    const remote = url === undefined ? undefined : await remoteHarness(context, url, subject === '-');
    const state = context.state(root);
    const ask = remote?.ask ?? (await controlOf(context, state));
    const at = remote?.url ?? recordedHarness(state)?.url ?? '';
    const again = (action: string) =>
      `connector harness ${action}${remote === undefined ? '' : ` --url ${remote.url}`}`;
    return RUNS[args.action as Action]({ context, args, files, ask, url: at, subject, again });
  }
  if (args.url !== undefined) throw nothingToDo(context);
  if (args.log === 'json') await context.logLines();
  const { harness, stop } = await startHarness(context, root, args);
  await interrupted(context.signal);
  await stop();
  return { exit: 'fine', data: { url: harness.url }, summary: 'The harness stopped.' };
};

/** The token of a space is for all of its platforms. */
const SPACE_ALONE: Exclusive<Arguments<typeof command>> = [
  ['space', 'platform'],
  ['space', 'scopes'],
];

const RUNS: Readonly<Record<Action, (work: ActionInput) => Promise<Result>>> = {
  reset: async ({ ask }) => {
    await ask('POST', '/reset');
    return { summary: 'The harness was reset to its first start; its snapshots were kept.' };
  },

  open: async ({ context, args, url, ask }) => {
    await openConsole(context, { url, ask }, args['print-url']);
    return {};
  },

  seed: async ({ context, args, files, ask, subject }) => {
    const { platform } = args;
    if (subject !== undefined) {
      if (platform === undefined) throw missing(context, '--platform', `seed ${subject} --platform workato`);
      const problem = { code: 'usage/arguments', hint: 'Pass a file with the seed of the platform.' } as const;
      const text = await textGiven(context, subject, problem);
      await ask('POST', '/seed', { platform, text, file: subject === '-' ? 'stdin' : subject });
      return { data: { platform }, summary: `Seeded ${platform}.` };
    }
    context.root();
    const environment = Object.entries(context.environment).filter(([name]) => name.startsWith('CONNECTOR_COMMON_'));
    const given = { project: projectTexts(files), environment: Object.fromEntries(environment) };
    const names = await ask('POST', '/seed', { ...given, ...(platform === undefined ? {} : { platform }) });
    const connections = Object.keys(names.connections as object).length;
    return { data: names, summary: `Seeded ${plural(connections, 'connection')} in ${names.app}.` };
  },

  snapshot: async ({ ask, subject, again }) => {
    if (subject === undefined) {
      const snapshots = listIn<string>(await ask('GET', '/snapshots'), 'snapshots');
      return { data: { snapshots }, lines: snapshots, summary: `${plural(snapshots.length, 'snapshot')}.` };
    }
    await ask('PUT', `/snapshots/${encodeURIComponent(subject)}`);
    return { summary: `Saved the snapshot ${subject}.`, next: [again(`restore ${subject}`)] };
  },

  restore: async ({ context, ask, subject }) => {
    if (subject === undefined) throw missing(context, '<subject>', 'restore before');
    await ask('POST', `/snapshots/${encodeURIComponent(subject)}/restore`);
    return { summary: `Restored the snapshot ${subject}.` };
  },

  token: async ({ context, args, ask }) => {
    const { platform, scopes, space, hours } = args;
    refuseExclusive('harness', args, SPACE_ALONE);
    if (space !== undefined) {
      const path = `/spaces/${encodeURIComponent(space)}`;
      const made = await ask('PUT', path, hours === undefined ? {} : { hours });
      const summary = `This token is for the platforms and the control of the space ${space}, until ${made.expires}.`;
      return { data: made, lines: [String(made.token)], summary };
    }
    if (hours !== undefined) throw missing(context, '--space for --hours', 'token --space pr-123 --hours 48');
    if (platform === undefined) throw missing(context, '--platform or --space', 'token --platform make');
    const listed = scopes.flatMap((each) => each.split(',')).filter(Boolean);
    const given = await ask('POST', '/tokens', { platform, ...(listed.length === 0 ? {} : { scopes: listed }) });
    const summary = `May ${listIn<string>(given, 'scopes').join(', ')} on ${platform}.`;
    return { data: given, lines: [String(given.token)], summary };
  },

  spaces: async ({ ask }) => {
    const spaces = listIn<ListedSpace>(await ask('GET', '/spaces'), 'spaces');
    const lines = spaces.map(
      ({ name, expires, rows, bytes }) =>
        `${name}  until ${expires}  ${plural(rows, 'row')}, ${Math.ceil(bytes / 1000)} kB`,
    );
    return { data: { spaces }, lines, summary: `${plural(spaces.length, 'space')}.` };
  },

  'remove-space': async ({ context, ask, subject }) => {
    if (subject === undefined) throw missing(context, '<subject>', 'remove-space pr-123');
    const { deleted } = await ask('DELETE', `/spaces/${encodeURIComponent(subject)}`);
    if (deleted !== true) {
      const names = listIn<ListedSpace>(await ask('GET', '/spaces'), 'spaces').map(({ name }) => name);
      throw absent('harness/space', 'space', subject, names);
    }
    return { data: { deleted }, summary: `Removed ${subject} with everything in it.` };
  },

  clock: async ({ args, ask, subject, again }) => {
    const moved = durationIn(subject ?? '');
    // Four digits are a year.
    if (subject !== undefined && !/^\d{4}$/.test(subject) && durationIn(`+${subject}`) !== undefined) {
      throw new ConnectorError('usage', {
        code: 'harness/clock',
        message: `${subject} is neither a time nor a signed duration: a duration starts with + or -.`,
        hint: `Move the clock forward with \`${again(`clock +${subject}`)}\`, or back with -${subject}.`,
        found: subject,
      });
    }
    const { now } =
      subject === undefined
        ? await ask('GET', '/clock')
        : subject === 'real'
          ? await ask('DELETE', '/clock')
          : moved !== undefined
            ? await ask('POST', '/clock/advance', { milliseconds: moved })
            : await ask('PUT', '/clock', { now: subject, frozen: args.frozen });
    return { data: { now }, lines: [String(now)] };
  },

  journal: async ({ context, args, ask }) => {
    const read = async (query: string) => listIn<JournalEntry>(await ask('GET', `/journal?${query}`), 'entries');
    const entries = await read(`limit=${args.limit}`);
    if (!args.follow) return { data: { entries }, lines: entries.map(entryLine) };
    let last = entries.at(-1)?.number ?? 0;
    for (const entry of entries) context.report({ kind: 'step', message: entryLine(entry) });
    while (!context.signal.aborted) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 250)), interrupted(context.signal)]);
      if (context.signal.aborted) break;
      for (const entry of await read(`after=${last}`)) {
        last = entry.number;
        context.report({ kind: 'step', message: entryLine(entry) });
      }
    }
    return { exit: 'fine' };
  },

  fault: async ({ args, ask, subject, again }) => {
    if (subject === undefined) {
      const faults = listIn<Fault>(await ask('GET', '/faults'), 'faults');
      return { data: { faults }, lines: faults.map(faultLine), summary: `${plural(faults.length, 'fault')}.` };
    }
    if (subject === 'clear') {
      await ask('DELETE', '/faults');
      return { summary: 'Removed all faults.' };
    }
    if (/^\d+$/.test(subject)) {
      const { deleted } = await ask('DELETE', `/faults/${subject}`);
      if (deleted !== true) {
        const ids = listIn<Fault>(await ask('GET', '/faults'), 'faults').map(({ id }) => String(id));
        throw absent('harness/fault', 'fault', subject, ids);
      }
      return { data: { deleted }, summary: `Removed the fault ${subject}.` };
    }
    const { platform, operation, calls, times, share, after, status, message, milliseconds } = args;
    const rule = { platform, operation, calls, times, share, after, status, message, milliseconds };
    const { fault } = await ask('POST', '/faults', { effect: subject, ...rule, retryAfter: args['retry-after'] });
    return { data: { fault }, lines: [faultLine(fault as unknown as Fault)], next: [again('fault clear')] };
  },
};

/**
 * Returns the list in an answer.
 * @throws ConnectorError refused `origin/refused` when it lists nothing: the harness is of another version
 */
function listIn<Item>(answer: Readonly<Record<string, unknown>>, name: string): readonly Item[] {
  const list = answer[name];
  if (Array.isArray(list)) return list;
  throw new ConnectorError('refused', {
    code: 'origin/refused',
    message: `The harness answered without ${name}.`,
    hint: 'Use a harness of the same version.',
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `+90m`, `-2h`, `+1500`: in milliseconds; undefined for what is no duration. */
function durationIn(text: string): number | undefined {
  const [, sign, amount, unit = 'ms'] = /^([+-])(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(`${sign}${amount}`) * (lookUp(UNITS, unit) ?? 1);
}

function entryLine({ at, method, url, status, milliseconds, operation, fault }: JournalEntry): string {
  const time = at.slice(11, 23);
  const injected = fault === undefined ? '' : ` (fault: ${fault})`;
  return `${time} ${status === 0 ? 'cut' : status} ${method} ${url} ${operation ?? '-'} ${milliseconds} ms${injected}`;
}

function faultLine({ id, effect, seen, injected, ...rule }: Fault): string {
  const fields = Object.entries(rule).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [`${id}  ${effect}`, ...fields, `injected into ${injected} of ${seen} calls`].join(', ');
}

function missing({ program }: Context, what: string, example: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/missing',
    message: `${program} harness ${example.split(' ')[0]} needs ${what}.`,
    hint: `For example: ${program} harness ${example}`,
  });
}

/** An error for something that the harness does not have, with the names of those that it has. */
function absent(
  code: 'harness/fault' | 'harness/space',
  what: string,
  found: string,
  names: readonly string[],
): ConnectorError {
  const meant = nearest(found, names);
  const all = names.length === 0 ? 'There are none.' : `Choose one of ${names.join(', ')}.`;
  return new ConnectorError('usage', {
    code,
    message: `There is no ${what} ${JSON.stringify(found)}.`,
    hint: meant === undefined ? all : `Did you mean ${meant}?`,
    found,
  });
}

function nothingToDo({ program }: Context): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/missing',
    message: '--url is the URL of a running harness, so an action is required.',
    hint: `For example: ${program} harness journal --url https://harness.example.com:4643`,
  });
}
