import type { Diagnostic, SeverityOverrides } from '../diagnostics.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import type { Source } from '../source.ts';
import type { FileChange, Files } from './files.ts';

/** A connector on disk, read once. Nothing in it changes; writing goes through the methods and needs a new read to be seen. */
export interface Project {
  readonly layout: Layout['name'];
  readonly files: Files;
  /** The connector's name: its app's name on platforms, before they add to it. */
  readonly name: string;
  readonly label: string;
  readonly origins: { readonly [name: string]: Origin };
  /** The place of the remote names, for messages: the end of a sentence such as "Write the name into …". */
  readonly namesAt: string;
  /** The severities that the project gives to rules. */
  readonly rules: SeverityOverrides;
  /** `connector.json`, or the manifest of the layout, such as `makecomapp.json`. */
  readonly manifest: Source;
  /** The file of `rules`: `connector.json` in every layout, even if it does not exist. */
  readonly settings: Source;
  /** The ids of all declared connections, in order, including those whose files cannot be read. */
  readonly ids: readonly string[];
  /** The connections that can be read, of those that were asked for. */
  readonly connections: readonly Connection[];
  /** Problems of the files, as opposed to those of the sections: of the project, and of the connections read. */
  readonly problems: readonly Diagnostic[];
  /**
   * The files and folders on which the project depends, be they there or not. Everything in a folder counts; its path
   * has a slash at the end.
   */
  readonly watched: readonly string[];
  /** Returns the owner of a file or folder. Paths are relative to the project, with forward slashes. */
  ownerOf(path: string): Owner;
  /** Checks if a file holds secret values, so that its text is never shown. */
  isSecret(path: string): boolean;
  /** Returns the same project with only these connections, which are read now. Unknown ids are ignored. */
  only(ids: readonly string[]): Project;
  /** Returns the last state that was equal here and on `origin`, after a push or pull. */
  base(origin: string): Base;
  /**
   * Writes the remote names into the manifest, comments and format kept, and the base into the lock; what is about an
   * origin of this machine's own, into `files.local`. Without names, what was recorded of an app that is gone is
   * forgotten.
   */
  record(origin: string, names: RemoteNames | undefined, base: Base): void;
  /**
   * Writes what was pulled where the layout keeps it, and makes the connections that are not there: all or nothing.
   * @throws ConnectorError usage `project/connection-id` for an id that cannot be one, conflict `project/changed` when
   * a file is no longer what was read.
   */
  write(changes: ConnectionChanges): void;
}

/**
 * Whose a file is: the project's own, on which every connection depends, or that of the connections with these ids, or
 * nobody's when there are none.
 */
export type Owner = 'project' | readonly string[];

/** A place that the project is pushed to. */
export interface Origin extends Partial<RemoteNames> {
  /** The platform's name in PLATFORMS (default: Make). */
  readonly platform?: string;
  /** The API's base URL, or its host alone; the running harness unless this or the zone is said. */
  readonly url?: string;
  /** In place of the URL: the name of one of the platform's zones. */
  readonly zone?: string;
  /** Ignored connections: ours by their ids, and the platform's by their names there. */
  readonly ignored?: { readonly local: readonly string[]; readonly remote: readonly string[] };
  /** A file that holds the token, relative to the project or absolute, where the layout names one. */
  readonly tokenFile?: string;
  /** Why nothing can be pushed to it as it is declared. */
  readonly unusable?: Diagnostic;
}

/** How a platform calls what we call otherwise: platforms name connections themselves. */
export interface RemoteNames {
  readonly app: string;
  readonly version: number;
  /** Connection id → remote name. */
  readonly connections: { readonly [id: string]: string };
}

/** Connection id → section, or its label → hash of the wire text (`sha256-…`). Never of `common`. */
export type Base = { readonly [id: string]: { readonly [part in SectionName | 'label']?: string } };

/** Connection id → what is to be written of it. */
export type ConnectionChanges = Readonly<Record<string, ConnectionChange>>;

/** Changes to write to a connection; what is left out stays as it is. */
export interface ConnectionChange {
  /** Only for a connection that is new here. */
  readonly type?: CreateType;
  readonly label?: string;
  /** Section → authored text. */
  readonly texts?: { readonly [section in SectionName]?: string };
}

/** A connection as it lies on disk. */
export interface Connection {
  readonly id: string;
  readonly type: CreateType;
  readonly label: string;
  /** The folder of its files, relative to the project. */
  readonly folder: string;
  /** Where the values of its `common` are; they are secret. */
  readonly commonFile: string;
  /** How to give the connection up: the end of a sentence that begins with "To give it up,". */
  readonly removal: string;
  /** The file that says what it is: `connection.json`, or the manifest. */
  readonly descriptor: Source;
  /** The types that it may have, where none is declared; `type` is the first of them. */
  readonly possibleTypes?: readonly CreateType[];
  /** Sections that are absent here and may be on the platform: they are left alone there. */
  readonly unmanaged: readonly SectionName[];
  /**
   * The authored sections that are there, in the order of SECTIONS. Where nobody declares `common` and its values tell
   * its keys, `common` is a schema made of these, and its file is `commonFile`.
   */
  readonly sections: { readonly [name in SectionName]?: Source };
}

/** Layout → the file by which a folder is known to hold a project. */
export const MARKERS = { native: 'connector.json', make: 'makecomapp.json' } as const;

/** The file of the TypeScript types that are made from the connections, in every layout. */
export const DECLARATIONS = 'connector.d.ts';

/** The files by which a folder is known to hold a project, whatever its layout. */
export const PROJECT_FILES: readonly string[] = Object.values(MARKERS);

/** How a connector lies on disk. */
export interface Layout {
  readonly name: keyof typeof MARKERS;
  /** Checks if a folder holds a project in this layout. */
  holds(files: Files): boolean;
  /** @param ids the connections that are read (default: all) */
  open(files: Files, ids?: readonly string[]): Project;
  /**
   * Returns the changes that bring a project in another layout into this one. @throws ConnectorError usage
   * `convert/layout`
   */
  enter(project: Project): Entered;
  /** Returns what gives a connection another id, or removes it where none is given: its files, and the manifest. */
  move(project: Project, id: string, to: string | undefined): MovedFiles;
  /** Returns the files of this layout after its project moved to another. */
  leave(project: Project, renames: Entered['renames'], to: Left): Entered['writes'];
}

/** Changes of files, the renames first. */
export interface Entered {
  readonly renames: readonly (readonly [from: string, to: string])[];
  readonly writes: readonly FileChange[];
  /** The origins that are named in the files of the new layout. */
  readonly origins: readonly string[];
}

/** Changes of files, of which some go. */
export interface MovedFiles extends Pick<Entered, 'renames' | 'writes'> {
  readonly removes: readonly string[];
}

/** A connection that has another id, or is gone where there is none. */
export interface Moved extends MovedFiles {
  readonly id: string;
  readonly to: string | undefined;
}

/** Where a project went, and the origins that went with it. */
interface Left extends Pick<Entered, 'origins'> {
  readonly layout: Layout['name'];
}
