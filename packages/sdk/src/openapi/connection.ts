import type { Diagnostic, Path } from '../diagnostics.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import type { TrapName } from '../traps.ts';

/** Information that a vendor's document lacks. The command has an option for each. */
export interface Answers {
  /** The base URL of the API. */
  readonly server?: string | undefined;
  /** How requests carry a credential: `bearer`, `basic`, `digest`, or `header:`, `query:`, `cookie:` and a name. */
  readonly auth?: string | undefined;
  /** The prefix of a key in its header, such as `Token`; empty or `none` for no prefix. */
  readonly prefix?: string | undefined;
  /**
   * The requests that verify a connection, as `GET /me` or by operationId; the first match is used.
   * For a discovery document, which lists no requests, one URL. `none` for no request.
   */
  readonly verify?: readonly string[] | undefined;
  /** How the client authenticates at the token endpoint: `body` or `header`. */
  readonly clientAuth?: string | undefined;
  /** True if access tokens expire and can be refreshed. */
  readonly refresh?: boolean | undefined;
  /** The parsed discovery document of the authorization server, as `readDiscovery` returns it in `metadata`. */
  readonly discovery?: unknown;
  /** The ids of the connections that are wanted (default: all). */
  readonly connections?: readonly string[] | undefined;
}

/** A question about information that the document lacks. */
export interface Question {
  /** The answer that it asks for. */
  readonly about: keyof Answers;
  /** One sentence. */
  readonly message: string;
  /** The options, the most likely first; empty for a question that needs a text. */
  readonly choices: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  /** A valid answer. */
  readonly example: string;
}

/** A location in a section for which the document lacks information. */
export interface Mark {
  readonly section: SectionName;
  readonly path: Path;
  /** `warning` if it must be completed before the connection works, `info` for an assumption. */
  readonly severity: 'warning' | 'info';
  /** One sentence. It is also written as a comment before the location. */
  readonly message: string;
  readonly hint: string;
  readonly trap?: TrapName;
}

/** A generated connection. */
export interface Described {
  /** A valid id for a connection of a project. */
  readonly id: string;
  readonly type: CreateType;
  readonly label: string;
  /** The way to authorize, such as `OAuth 2.0 authorization code`. */
  readonly summary: string;
  /** The text of each section, as JSON with comments. */
  readonly texts: { readonly [section in SectionName]?: string };
  readonly marks: readonly Mark[];
}

/** The result of an import. */
export interface Imported {
  /** The title of the API; empty when there is none. */
  readonly title: string;
  /** The kind of document, such as `OpenAPI 3.1.0`. */
  readonly source: string;
  readonly connections: readonly Described[];
  /** The questions to ask a user. The connections contain the assumptions that the marks describe. */
  readonly questions: readonly Question[];
  /** Deviations from the specification, assumptions, and security schemes that are not supported. */
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
function wordsOf(name: string): readonly string[] {
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
