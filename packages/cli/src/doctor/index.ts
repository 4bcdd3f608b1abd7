import { ConnectorError, openProject, type Project } from '@connectorkit/sdk';
import type { Context } from '../command.ts';
import { choiceOf } from '../origins.ts';
import { type DoctorCheck, type Examined, type Finding, STATUSES, type Status } from './check.ts';
import { checkClock, checkCredentials, checkScopes } from './credentials.ts';
import { checkHistory } from './history.ts';
import { checkHarness, checkNode, checkPath, checkPorts } from './machine.ts';
import { reachOrigins } from './origin-replies.ts';
import { checkEditor, checkProject } from './project.ts';

/** Every check of `connector doctor`, in the order in which they are shown. */
export const CHECKS: readonly DoctorCheck[] = [
  { name: 'node', looksAt: 'the version of Node.js', run: (examined) => checkNode(examined) },
  { name: 'path', looksAt: 'which connector a shell runs', run: (examined) => checkPath(examined) },
  { name: 'project', looksAt: 'the settings and sections of the project', run: checkProject },
  { name: 'editor', looksAt: 'the schemas in the settings of editors', run: checkEditor },
  {
    name: 'credentials',
    looksAt: 'the token of each origin, and who can open files of secrets',
    run: checkCredentials,
  },
  { name: 'scopes', looksAt: 'what each platform says of the token', run: checkScopes },
  { name: 'clock', looksAt: 'the time, compared with each platform’s', run: checkClock },
  {
    name: 'ports',
    looksAt: 'the ports of the harness and of `connector connect`',
    run: (examined) => checkPorts(examined),
  },
  { name: 'harness', looksAt: 'the harness of this folder', run: checkHarness },
  { name: 'history', looksAt: 'secrets in the git history of the project', run: (examined) => checkHistory(examined) },
];

/** A check with what it found; its status is its worst finding's. */
export interface Checked {
  readonly check: DoctorCheck;
  readonly status: Status;
  readonly findings: readonly Finding[];
}

/** Runs every check, one after the other. Nothing but the origins of the project is asked, and with `offline` nobody. */
export async function examine(context: Context, offline: boolean, checks = CHECKS): Promise<readonly Checked[]> {
  const examined = gathered(context, offline);
  const checked: Checked[] = [];
  for (const check of checks) {
    const findings = await check.run(examined);
    const status = STATUSES[Math.max(0, ...findings.map((each) => STATUSES.indexOf(each.status)))] ?? 'ok';
    checked.push({ check, status, findings });
  }
  return checked;
}

function gathered(context: Context, offline: boolean): Examined {
  const opened = openedProject(context);
  const { root, project } = opened;
  const { origins = {}, problems, manifest } = project ?? {};
  const here = {
    origins,
    ...(problems && { problems: [] }),
    ...(manifest && { manifest }),
    ...(root && { folder: root }),
  };
  const choice = choiceOf(context, here, undefined);
  let reached: ReturnType<Examined['origins']> | undefined;
  return {
    ...opened,
    context,
    offline,
    choice,
    origins: () => {
      reached ??= reachOrigins(context, choice, offline);
      return reached;
    },
  };
}

function openedProject(context: Context): Pick<Examined, 'root' | 'project' | 'unreadable'> {
  let root: string | undefined;
  let project: Project | undefined;
  try {
    root = context.root();
    project = openProject(context.files(root));
    return { root, project, unreadable: undefined };
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    return { root, project, unreadable: thrown.diagnostics[0]?.message };
  }
}
