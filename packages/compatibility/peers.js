// The table of pnpm compatibility: whose software, and what is tried with it. The run decides what comes of it; what is
// expected here is only held against it, and the words stand beside what they explain.
import { CLIENTS } from './clients/table.js';
import { READERS } from './readers/table.js';
import { SERVERS } from './servers/table.js';
import { VENDORS } from './vendors/table.js';

/**
 * @typedef {{ command: string, version: readonly string[], at?: readonly string[] }} Program of this machine; where else it may be
 *
 * @typedef {'works' | 'remark' | 'fails'} Outcome
 *
 * @typedef {object} Case
 * @property {string} tried in words
 * @property {string} attempt its name in the module of the peer; it works if it throws nothing
 * @property {object} [given] settings of the attempt
 * @property {{ given: object, words: string }} [remedy] settings that are tried when the first ones fail; with them it works with a remark
 * @property {Outcome | Readonly<Record<string, Outcome>>} [expected] `works` unless said; also by major version
 * @property {RegExp} [seen] what the failure says that a remark is about, or that is the reason
 * @property {string} [note] what is to be known of it although it works
 * @property {string} [why] it does not work
 * @property {string} [source]
 *
 * @typedef {object} Peer
 * @property {'servers' | 'clients' | 'vendors' | 'readers'} part
 * @property {string} name of the package, with all versions of it in package.json; or of the program
 * @property {Program} [program]
 * @property {string} [python] the version of a package of PyPI
 * @property {string} module exports `attempts`
 * @property {boolean} [keepsState] each case needs a process of its own, because the package remembers things
 * @property {readonly Case[]} cases
 */

/** The parts of the page, in its order. */
export const PARTS = [
  {
    part: 'servers',
    title: 'Our runtime and servers',
    about: 'Connections made of the [templates](templates.md), run against servers that others wrote.',
  },
  {
    part: 'clients',
    title: 'Clients and our provider',
    about: 'OAuth, digest and HTTP clients against the [local provider](provider.md).',
  },
  {
    part: 'vendors',
    title: 'Vendors’ clients and our emulators',
    about: 'Clients that vendors publish, against the [emulated platforms](platforms.md).',
  },
  {
    part: 'readers',
    title: 'What we write and its readers',
    about: 'Reports, API contracts and generated types, read by the programs that usually read them.',
  },
];

/** @type {readonly Peer[]} */
export const PEERS = [...SERVERS, ...CLIENTS, ...VENDORS, ...READERS];
