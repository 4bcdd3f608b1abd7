import type { Diagnostic, Project } from '@connectorkit/sdk';
import type { Context } from '../command.ts';
import type { Choice } from '../origins.ts';
import type { Reached } from './origin-replies.ts';

/** Outcomes of a look, the worst last; what was skipped was not looked at, and the message says why. */
export const STATUSES = ['skipped', 'ok', 'warning', 'error'] as const;

export type Status = (typeof STATUSES)[number];

/** One thing that a check found. Neither text holds a secret. */
export interface Finding {
  readonly status: Status;
  /** One sentence. */
  readonly message: string;
  /** Remedy; given with every warning and error. */
  readonly hint?: string;
  /** Repairs it; what it does is what the hint says. */
  readonly fix?: () => void;
}

/** Subjects of the checks, gathered once. */
export interface Examined {
  readonly context: Context;
  /** True if no request may leave this machine. */
  readonly offline: boolean;
  /** The folder of the project, absolute; undefined where there is none. */
  readonly root: string | undefined;
  /** Undefined where there is none, or where it cannot be opened. */
  readonly project: Project | undefined;
  /** Why it cannot be opened. */
  readonly unreadable: string | undefined;
  /** The origins of the project that are not on this machine's harness, and what they answered. */
  readonly origins: () => Promise<readonly Reached[]>;
  /** Credentials of a command at an origin. */
  readonly choice: Choice;
}

/** The code of the problems of a check; each has a page. */
type DoctorCode = Extract<Diagnostic['code'], `doctor/${string}`>;

/** An entry of CHECKS. */
export interface DoctorCheck {
  readonly name: DoctorCode extends `doctor/${infer Name}` ? Name : never;
  /** Subject of the check: a noun phrase. */
  readonly looksAt: string;
  readonly run: (examined: Examined) => readonly Finding[] | Promise<readonly Finding[]>;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });

export function warning(message: string, hint: string, fix?: () => void): Finding {
  return { status: 'warning', message, hint, ...(fix && { fix }) };
}

export function error(message: string, hint: string, fix?: () => void): Finding {
  return { status: 'error', message, hint, ...(fix && { fix }) };
}
