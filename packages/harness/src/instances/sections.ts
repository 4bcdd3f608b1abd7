import { ConnectorError, type Diagnostic, SECTIONS } from '@connectorkit/sdk/emulator';
import { problemsIn } from '@connectorkit/sdk/runtime';
import { differenceOf, storedConnection } from '@connectorkit/sdk/sync';
import type { PushedConnection } from '../emulator.ts';
import { versionOf } from './running.ts';

/** A section of a connection, as it was pushed. */
export interface PushedSection {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** The file that diagnostics and traces name, such as `shop/api.jsonc`. */
  readonly file: string;
  readonly text: string;
}

/** The sections of a connection as they were pushed, and what is wrong with them. */
export interface PushedSections {
  readonly app: string;
  readonly name: string;
  readonly label: string;
  readonly type: 'basic' | 'oauth';
  /** Names the texts of its sections: the same texts have the same version. */
  readonly version: string;
  /** When one of them was written last, ISO 8601; absent for what an older version has stored. */
  readonly pushed?: string;
  /** In the order of SECTIONS; without `common`, whose values are secret. */
  readonly sections: readonly PushedSection[];
  /** Names of the values of `common`. */
  readonly common: readonly string[];
  /** The fields that administrators fill in when the app is installed. */
  readonly installForm: readonly unknown[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Sections that differ from others, by name, each with a unified diff without its head. */
export interface SectionDifferences {
  readonly sections: readonly { readonly name: string; readonly lines: readonly string[] }[];
}

/** Sections of a connection as the project of a harness has them on disk, by name. */
export type SectionTexts = Readonly<Record<string, string>>;

const TEXT_SECTIONS = SECTIONS.filter(({ wire }) => wire === 'text');

/** Returns the sections of a pushed connection. */
export function sectionsOf(stored: PushedConnection): PushedSections {
  const { app, name, label, type, texts, common, pushed } = stored;
  const connection = storedConnection(stored);
  const installForm = connection.sections.installSpec?.value;
  return {
    ...{ app, name, label, type, version: versionOf(stored), ...(pushed !== undefined && { pushed }) },
    sections: TEXT_SECTIONS.flatMap(({ name: section, title, summary, files, empty }) => {
      const text = texts[section] ?? empty;
      return [{ name: section, title, summary, file: `${name}/${files[0]}`, text }];
    }),
    common: typeof common === 'object' && common !== null ? Object.keys(common) : [],
    installForm: Array.isArray(installForm) ? installForm : [],
    diagnostics: problemsIn(connection),
  };
}

/** Returns how texts of sections differ; a section that one side does not have is left out unless the other says something. */
export function differencesOf(before: SectionTexts, after: SectionTexts): SectionDifferences {
  const sections = TEXT_SECTIONS.flatMap(({ name, empty }) => {
    const [was = empty, is = empty] = [before[name], after[name]];
    const { lines } = differenceOf(was, is);
    return lines.length === 0 ? [] : [{ name, lines }];
  });
  return { sections };
}

/** @throws ConnectorError usage `harness/instance` */
export function nothingKept(name: string, snapshot: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'harness/instance',
    message: `The snapshot ${JSON.stringify(snapshot)} has no connection ${JSON.stringify(name)}.`,
    hint: '`connector harness snapshot` lists the snapshots.',
    found: snapshot,
  });
}

/** @throws ConnectorError usage `harness/instance` */
export function nothingOnDisk(name: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'harness/instance',
    message: `The project in the folder of the harness does not declare ${JSON.stringify(name)}.`,
    hint: 'Start the harness in the folder of the project that was pushed.',
    found: name,
  });
}
