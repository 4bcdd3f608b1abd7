import type { Diagnostic, Path } from '../diagnostics.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';

/** What a vendor's document does not say, and somebody knows. Each is an option of the command, too. */
export interface Answers {
  /** The base URL of the API. */
  readonly server?: string | undefined;
  /** How requests carry a credential: `bearer`, `basic`, `digest`, or `header:`, `query:`, `cookie:` and a name. */
  readonly auth?: string | undefined;
  /** What stands before a key in its header, such as `Token`; empty when there is nothing. */
  readonly prefix?: string | undefined;
  /** The requests that prove a connection, as `GET /me` or by their operationId; the first that fits is taken. */
  readonly verify?: readonly string[] | undefined;
  /** How the client authenticates at the token endpoint: `body` or `header`. */
  readonly clientAuth?: string | undefined;
  /** Whether access tokens expire and can be refreshed. */
  readonly refresh?: boolean | undefined;
  /** The discovery document of the authorization server, as it was read. */
  readonly discovery?: unknown;
  /** The ids of the connections that are wanted (default: all). */
  readonly connections?: readonly string[] | undefined;
}

/** A question that the document leaves open. */
export interface Question {
  readonly about: keyof Answers;
  /** One sentence. */
  readonly message: string;
  /** The likeliest first; none for a question that is answered in words. */
  readonly choices: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  readonly example: string;
}

/** A place in a section about which the document says nothing, or not enough. */
export interface Mark {
  readonly section: SectionName;
  readonly path: Path;
  /** Whether it has to be mended before the connection works, or only looked at. */
  readonly severity: 'warning' | 'info';
  /** One sentence; it is written before the place as a comment as well. */
  readonly message: string;
  readonly hint: string;
}

/** A connection as it can be written into a project. */
export interface Described {
  /** An id that a connection of a project can have. */
  readonly id: string;
  readonly type: CreateType;
  readonly label: string;
  /** How users sign in, in a few words. */
  readonly summary: string;
  /** Section → authored text. */
  readonly texts: { readonly [section in SectionName]?: string };
  readonly marks: readonly Mark[];
}

/** What was made of a document. */
export interface Imported {
  /** The title of the API; empty when there is none. */
  readonly title: string;
  /** What the document is, in a few words. */
  readonly source: string;
  readonly connections: readonly Described[];
  /** What would be asked of somebody who is there; each was answered for now as the marks say. */
  readonly questions: readonly Question[];
  /** What is odd, and what could not become a connection. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A field of the form that users fill in, as Make's array has it. */
export interface FormField {
  readonly name: string;
  readonly type: 'text' | 'password' | 'select';
  readonly label: string;
  readonly help?: string;
  readonly default?: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  readonly required?: boolean;
  readonly advanced?: boolean;
  readonly editable?: boolean;
}

/** The words of a name: `X-Figma-Token` and `figmaToken` alike. */
export function wordsOf(name: string): readonly string[] {
  return (
    name
      .normalize('NFKD')
      // A name of its own, and not an O before Auth.
      .replace(/oauth/gi, 'Oauth')
      .replace(/\p{Mark}/gu, '')
      .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
      .filter(Boolean)
  );
}

/** A name as parameters have it: `projectId`. */
export function parameterName(name: string, fallback: string): string {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  const joined = words.map((word, index) => (index === 0 ? word : word.replace(/^./, (c) => c.toUpperCase()))).join('');
  return /^[a-z]/.test(joined) ? joined.slice(0, 60) : fallback;
}

/** A name as connections have it: `personal-access-token`. */
export function connectionId(name: string, fallback: string): string {
  const id = fitting(wordsOf(name).join('-').toLowerCase());
  return /^[a-z]/.test(id) ? id : fallback;
}

/** As much of an id as folders are called without being a nuisance, in whole words. */
export function fitting(id: string): string {
  return id.length <= LONGEST ? id : id.slice(0, LONGEST + 1).replace(/-[^-]*$/, '');
}

const LONGEST = 48;

/** A name as labels have it: `Personal access token`. */
export function labelOf(name: string): string {
  const words = wordsOf(name).map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()));
  return words.join(' ').replace(/^./, (letter) => letter.toUpperCase());
}

/** A text of a vendor as it can stand in a section: in one line, and not longer than it may be. */
export function shortened(text: string, longest = 500): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).trimEnd()}…`;
}
