import type { RuleCode } from './rules/index.ts';

/** The page of a problem that is not found by a rule: rules carry their own words. */
export interface Page {
  /** The problem in a few words, without a full stop. */
  readonly title: string;
  /** Why it is one. */
  readonly why: string;
  /** How it is corrected. */
  readonly remedy: string;
  /** Where its problems can be suppressed: in a whole project, or only by a comment where they stand (default: not at all). */
  readonly allowed?: 'project' | 'comment';
}

/** The page of each code whose problem is not found by a rule, by code: `<theme>/<problem>`. */
export const PAGES = {
  'source/syntax': {
    title: 'not valid JSON',
    why: 'A section is JSON text, with comments where the section allows them. Nothing else can be checked in a text that cannot be parsed.',
    remedy:
      'Go to the reported place: the cause is there or just before it. Only the first syntax error is reported, because later ones often follow from it.',
  },
  'source/comment': {
    title: 'a comment in strict JSON',
    why: 'Make stores `common` encrypted and accepts only strict JSON for it; the project’s own files are strict JSON as well.',
    remedy: 'Move the comment into a section that allows comments, or into a `description`.',
  },
  'source/trailing-comma': {
    title: 'a comma after the last item',
    why: 'Make documents comments in sections, but not trailing commas, so it may refuse a section that has one.',
    remedy: 'Remove the comma.',
    allowed: 'project',
  },
  'source/duplicate-key': {
    title: 'a key that occurs twice in an object',
    why: 'JSON does not define which value wins. Make, like most parsers, takes the last value and silently drops the first.',
    remedy: 'Remove one of the two, or rename it.',
  },
  'source/encoding': {
    title: 'not UTF-8, or UTF-8 with a byte order mark',
    why: 'Sections are pushed byte for byte. A byte order mark or an invalid character would be pushed too, and most editors do not show it.',
    remedy: 'Save the file as UTF-8 without a byte order mark.',
  },
  'source/too-deep': {
    title: 'nested too deeply',
    why: 'Recursive parsers can crash on text that is nested hundreds of levels deep, and no section needs that.',
    remedy: 'Flatten the value.',
  },
  'source/too-large': {
    title: 'a file that is too large',
    why: 'Make refuses requests of more than about 2 MB, and no section needs that much. A much larger text could not be pushed, so it is not checked.',
    remedy: 'Remove what does not belong in the section, such as an example response.',
  },
  'schema/type': {
    title: 'a value of the wrong type',
    why: 'The platform expects another type of value here, and refuses or ignores this one.',
    remedy: 'Write a value of the expected type.',
  },
  'schema/connection-type': {
    title: 'a section for another connection type',
    why: 'A connection without OAuth authenticates with one request; a connection with OAuth has named steps such as authorize and token. The whole section is written for the other type, so only this problem is reported.',
    remedy: 'Correct the connection type in connection.json or makecomapp.json, or write the section for that type.',
  },
  'schema/required': {
    title: 'a required property is missing',
    why: 'The section cannot work without it.',
    remedy: 'Add the property.',
  },
  'schema/unknown-key': {
    title: 'an unknown property',
    why: 'The platform ignores properties that it does not know, so a misspelt property silently does nothing. Some properties exist in modules but not in connections.',
    remedy: 'Correct the name, or remove the property.',
    allowed: 'comment',
  },
  'schema/enum': {
    title: 'not one of the allowed values',
    why: 'Only certain values are allowed here.',
    remedy: 'Use one of the listed values.',
    allowed: 'comment',
  },
  'schema/value': {
    title: 'a value outside its limits',
    why: 'The value has the right type, but is too long, too short, out of range or in the wrong format.',
    remedy: 'Change the value so that it meets the limit in the message.',
    allowed: 'comment',
  },
  'form/not-expressible': {
    title: 'a form that the platform cannot show',
    why: 'Parameters and installSpec may be written as a JSON Schema, from which the platform’s form is generated. JSON Schema can express more than a form can, and users would silently miss what is lost.',
    remedy:
      'Follow the hint. Use x-make-… annotations for what only the platform has; `connector convert <connection> --to array` shows the generated form.',
  },
  'form/lost': {
    title: 'content that is lost in the other form',
    why: 'A JSON Schema can hold descriptions, and a Make form can hold comments, that the other form has no place for. They have no effect on the form, and are lost when the file is converted.',
    remedy: 'No action is needed. To keep the text, move it into a comment or a `description`.',
    allowed: 'project',
  },
  'value/missing': {
    title: 'a required value is missing',
    why: 'The form, or the schema of `common`, requires this value.',
    remedy: 'Enter the value.',
  },
  'value/type': {
    title: 'a value of the wrong type',
    why: 'The form, or the schema of `common`, requires another type. The value itself is not shown, because it may be a secret.',
    remedy: 'Enter a value of the type in the message.',
  },
  'value/choice': {
    title: 'a value that is not one of the options',
    why: 'Only the listed options can be selected here.',
    remedy: 'Enter one of the listed values.',
  },
  'value/limit': {
    title: 'a value outside its limits',
    why: 'The form, or the schema of `common`, limits the length, size or format of the value. The value itself is not shown, because it may be a secret.',
    remedy: 'Enter a value within the limits in the message.',
  },
  'validate/and-more': {
    title: 'more problems of one code than are reported',
    why: 'A generated or damaged text can have millions of the same problem. Only the first ones are reported.',
    remedy: 'Fix the reported ones, then validate again.',
    allowed: 'project',
  },
  'suppression/malformed': {
    title: 'an ignore comment without a code or a reason',
    why: 'A comment can suppress a problem only by its code and with a reason, so that the next reader knows why it is acceptable here.',
    remedy: 'Write `// connector-ignore <code>: <reason>`, on the line before the problem or at the end of its line.',
    allowed: 'project',
  },
  'suppression/refused': {
    title: 'a comment or rule for a problem that cannot be suppressed',
    why: 'Problems found by rules can be suppressed in a whole project or at one place. Names and values that the schema of a section does not know can be suppressed at one place, because the platform may know more than the schema. Syntax errors, wrong types and missing properties cannot be suppressed, because nothing else can work with such a section.',
    remedy:
      'Fix the problem, and remove the comment or the rule. `schema/enum`, `schema/unknown-key` and `schema/value` can be suppressed by a comment at their place.',
    allowed: 'project',
  },
  'suppression/unused': {
    title: 'an ignore comment without a matching problem',
    why: 'The problem was fixed, or the comment is on the wrong line. If it stays, it would hide the next problem with this code.',
    remedy: 'Remove the comment, or move it to the line before the problem.',
    allowed: 'project',
  },
  'project/not-found': {
    title: 'no connector project found',
    why: 'Commands use the project in the current folder or in the nearest folder above it. A project is a folder with a connector.json.',
    remedy: 'Change to the project’s folder, pass it with --project, or create a project with `connector create`.',
  },
  'project/unreadable': {
    title: 'a file that cannot be read or written',
    why: 'The file cannot be accessed, is too large, or is a link out of the project’s folder. Nothing was changed.',
    remedy: 'Follow the message, then run the command again.',
  },
  'project/changed': {
    title: 'a file changed while the command was running',
    why: 'An editor or another command saved the file after it was read. Writing it would have lost that change.',
    remedy: 'Run the command again; it reads the file again.',
  },
  'project/unknown-file': {
    title: 'a file that is not a section',
    why: 'A connection’s folder contains connection.json and one file for each section. A file with another name is never validated or pushed.',
    remedy: 'Rename the file to the section that it declares, or move it out of the folder.',
    allowed: 'project',
  },
  'project/duplicate-section': {
    title: 'a section declared twice',
    why: 'Two files declare the section, and only one of them can be pushed.',
    remedy: 'Keep one of the files.',
  },
  'project/missing-section': {
    title: 'a missing section',
    why: 'A connection does not work without its `api`. A section without a file is unmanaged: it is neither compared nor pushed, which is probably not intended.',
    remedy:
      'Add the file. To leave the section as it is on the platform, add it to `unmanaged` in connection.json; in Make’s local-development layout, write null in place of its file.',
  },
  'project/unmanaged': {
    title: 'an unmanaged section that has a file',
    why: 'In connection.json, `unmanaged` lists sections that have no file on purpose. This section has a file, so it would be pushed.',
    remedy: 'Remove the section from the list, or remove its file.',
  },
  'project/no-type': {
    title: 'a connection without a type',
    why: 'Make stores a type with each connection and needs it to create one. Without it, sections are only checked for what all possible types have in common.',
    remedy:
      'Add `connectionType` (basic or oauth) to the connection’s entry in makecomapp.json; `connector status` shows the type that the platform stores.',
  },
  'project/unnamed-file': {
    title: 'a section file that the manifest does not list',
    why: 'In Make’s local-development layout, only files listed in `codeFiles` are validated and pushed. This file has the default name of a section in Make’s extension.',
    remedy: 'List it in makecomapp.json, or write null there to leave the section out.',
    allowed: 'project',
  },
  'openapi/unreadable': {
    title: 'a document that is not an API description',
    why: 'Connections can be generated from OpenAPI 2.0 to 3.2 in JSON or YAML, and from discovery documents. This document is neither.',
    remedy: 'Pass the document itself: its file, its URL, or its text on stdin.',
  },
  'openapi/odd': {
    title: 'a deviation from the specification in a vendor’s document',
    why: 'Vendors’ documents often deviate from the specification. If the meaning is clear enough, the import continues. The deviation is reported because the vendor may have meant something else.',
    remedy: 'Compare the location in the document with the generated connection.',
  },
  'openapi/unsupported': {
    title: 'a security scheme that connections do not support',
    why: 'Connections do not support some ways to authorize: client certificates, tokens that stay in the browser, two values in one header.',
    remedy: 'Use another way that the vendor offers. The message says what is not supported.',
  },
  'openapi/no-security': {
    title: 'a document that does not say how requests are authorized',
    why: 'Many documents describe every request but not how requests are authorized. A guessed connection would fail for the first user.',
    remedy:
      'Pass --auth with the way in the vendor’s documentation: bearer, basic, digest, header:X-API-Key, query:api_key.',
  },
  'openapi/unanswered': {
    title: 'information that is missing in the document',
    why: 'The connection needs this information, but the document does not contain it. The location is marked with `Unanswered:` in the section.',
    remedy: 'Add it at the marked location, or create the connection again with the option in the hint.',
  },
  'openapi/assumed': {
    title: 'an assumption',
    why: 'The document does not specify it. The section contains what most vendors use, or the most likely option in the document.',
    remedy: 'Check it. The hint says how to change it.',
  },
  'openapi/answer': {
    title: 'an option that does not match the document',
    why: 'The document does not contain the value of the option, or the request cannot verify a connection.',
    remedy: 'Use one of the values in the hint.',
  },
  'project/missing-file': {
    title: 'a listed file does not exist',
    why: 'In Make’s local-development layout, `makecomapp.json` lists the file of each section.',
    remedy: 'Correct the path, or write null for a section without a file.',
  },
  'project/paired-twice': {
    title: 'two connections mapped to one',
    why: 'The manifest maps each connection to its name on an origin. If two connections map to the same name, each push overwrites the other; if one maps to two names, the target is unclear.',
    remedy: 'Keep the correct mapping, and remove the other.',
  },
  'project/placeholder': {
    title: 'an origin with placeholders',
    why: 'Make’s editor extension adds an origin with placeholders for its URL and its app. Neither exists, so nothing can be pulled from it or pushed to it.',
    remedy: 'Write the values into `makecomapp.json`, or remove the origin.',
    allowed: 'project',
  },
  'project/no-name': {
    title: 'the app has no name',
    why: 'A new app needs a name. It comes from `connector.json`; in Make’s local-development layout, from the app in `origins` or from the folder.',
    remedy:
      'Set `appId` of an origin in `makecomapp.json` to an existing app, or add a `connector.json` with a `name` and `"layout": "make"`.',
  },
  'project/other-components': {
    title: 'components that are not connections',
    why: 'This tool handles connections only. Modules, RPCs, functions and webhooks of the same app are neither validated nor pushed.',
    remedy: 'No action is needed: Make’s editor extension handles them.',
    allowed: 'project',
  },
  'convert/layout': {
    title: 'the project cannot be converted to that layout',
    why: 'The layout is also read by other tools and can only contain what they understand.',
    remedy: 'Follow the hint, then convert again. Nothing was changed.',
  },
  'project/no-descriptor': {
    title: 'a connection without connection.json',
    why: 'Every folder in connections/ is a connection, and its connection.json declares its type.',
    remedy: 'Add a connection.json with `type` and `label`, or remove the folder.',
  },
  'project/connection-id': {
    title: 'a folder name that is not a valid connection id',
    why: 'The id of a connection is used in file names, environment variables and on platforms.',
    remedy:
      'Rename the folder: a letter, then letters, digits and hyphens, at most 64 characters, and no name that Windows keeps for devices, such as con or nul.',
  },
  'project/unknown-connection': {
    title: 'no such connection in the project',
    why: 'The command was given the id of a connection that the project does not have.',
    remedy: 'Use one of the listed ids: they are the folder names in connections/.',
  },
  'project/no-connections': {
    title: 'a project without connections',
    why: 'There is nothing to validate, generate types for or push. In CI (when `CI` is set) `connector validate` reports this as an error, because a check of nothing would always pass.',
    remedy:
      'Add a folder with a connection.json in connections/; in Make’s local-development layout, add a connection to makecomapp.json.',
    allowed: 'project',
  },
  'create/not-empty': {
    title: 'the folder is not empty',
    why: 'A new project never overwrites existing files.',
    remedy: 'Choose another name, or empty the folder first.',
  },
  'create/folder': {
    title: 'the folder cannot be created',
    why: 'The system refuses to make the folder of the project: somebody may not write there, a part of its path is a file, or the name is one that the system keeps for itself, such as `aux` on Windows.',
    remedy: 'Choose another folder with `--folder`.',
  },
  'create/unknown-template': {
    title: 'no such template or example',
    why: 'Templates and examples come with the command.',
    remedy: 'Use one of the listed names.',
  },
  'create/name': {
    title: 'not a valid name',
    why: 'The name is used for a folder, a package and an app on the platform.',
    remedy: 'Use 2 to 30 lower-case letters, digits and hyphens, starting with a letter.',
  },
  'usage/arguments': {
    title: 'wrong arguments',
    why: 'A command or option is unknown, or an option does not accept the value.',
    remedy: 'See `connector --help` or `connector <command> --help`.',
  },
  'usage/missing': {
    title: 'a required input is missing',
    why: 'Without a terminal the command cannot ask, so it lists everything that is missing.',
    remedy: 'Run the printed command with your own values.',
  },
  'usage/environment': {
    title: 'an environment variable with an invalid value',
    why: 'An environment variable applies to every command, so an invalid value is an error and not ignored.',
    remedy: 'Set the variable as the hint describes, or unset it.',
  },
  'harness/not-running': {
    title: 'no harness is running',
    why: 'The command needs the local harness, and no harness answers.',
    remedy: 'Start one with `connector harness` in another terminal, or use `connector dev`.',
  },
  'harness/stranger': {
    title: 'another program answers at the harness’s address',
    why: 'Before the command sends anything, the harness must identify itself: the local one proves that it knows the control token of this folder, a remote one that it is a harness. The program at this address did not, so nothing was sent to it.',
    remedy:
      'Start the harness of this folder again, with --port 0 if another program uses its port. For a remote harness, check the URL.',
  },
  'harness/already-running': {
    title: 'a harness is already running for this folder',
    why: 'Two harnesses in one folder would share a store and overwrite each other’s address.',
    remedy: 'Use the running one, or stop it first.',
  },
  'harness/port-in-use': {
    title: 'the port is in use',
    why: 'Another process is listening on the port.',
    remedy: 'Stop that process, choose another port with --port, or use --port 0 for any free port.',
  },
  'harness/not-local': {
    title: 'the harness would be reachable from other machines',
    why: 'The harness stores tokens and secrets, so by default it accepts connections from this machine only.',
    remedy: 'Use a loopback address, or pass --allow-remote and set your own token in CONNECTOR_TOKEN.',
  },
  'harness/clock': {
    title: 'not a time for the harness’s clock',
    why: 'The clock accepts a time in ISO 8601, or a duration in milliseconds or with a unit.',
    remedy: 'Write a time such as 2026-01-31T12:00:00Z, or a duration such as 90m or 2h.',
  },
  'harness/token': {
    title: 'the token cannot be created or used',
    why: 'A token is valid on one platform of the harness, with scopes of that platform. A control token of your own has at least 20 characters, so that it cannot be guessed.',
    remedy: 'Correct the platform or the scope; `GET /__harness` lists both. For a control token, use a longer one.',
  },
  'harness/snapshot': {
    title: 'no such snapshot',
    why: 'Names of harness snapshots consist of letters, digits, dots, hyphens and underscores.',
    remedy: 'Correct the name; `connector harness snapshot` lists the snapshots.',
  },
  'harness/seed': {
    title: 'the seed cannot be applied',
    why: 'The seed refers to an id that the platform does not have, such as the API version of a contract, or the platform refuses a value in it. Nothing of the seed was applied.',
    remedy:
      'Correct the id, or add what it refers to to the seed. The README of each platform in @connectorkit/harness describes its seed.',
  },
  'harness/fault': {
    title: 'the fault cannot be injected or removed',
    why: 'A fault has an effect and, to limit it, a platform and an operation of its contract. It is removed by its number, as long as it is set.',
    remedy:
      'Correct the field in the message; `connector harness fault --help` lists the values, and `connector harness fault` the faults that are set.',
  },
  'harness/not-found': {
    title: 'no such thing in the harness',
    why: 'The harness has no journal entry, contract, customer or connection with this id, or not any more.',
    remedy: 'List them again; the journal drops its oldest entries.',
  },
  'harness/replay': {
    title: 'the request cannot be sent again',
    why: 'The journal contains no secrets and no bodies over 4096 bytes, and this harness no longer remembers the request.',
    remedy: 'Send the request again with the client that sent it.',
  },
  'harness/action': {
    title: 'the action was not performed',
    why: 'The platform does not allow this action for the chosen role in the current state, or a fault is set.',
    remedy: 'Choose one of the actions that the message names, or another role.',
  },
  'harness/instance': {
    title: 'no such connection in the harness',
    why: 'The harness runs connections that were pushed to one of its platforms, by the name that the platform gave them. A connected one has an id made of that name and a number. It is deleted with its connection, and an unfinished attempt ends with the harness.',
    remedy: 'Use one of the listed names or ids, push the connection, or connect it again.',
  },
  'harness/not-connected': {
    title: 'not connected yet',
    why: 'Only a connected connection can be run. The browser has not returned yet, or its result was refused.',
    remedy: 'Finish in the browser, or look at the trace and connect again.',
  },
  'harness/certificate': {
    title: 'the TLS certificate cannot be stored',
    why: 'The harness creates a certificate for this machine on first use and stores it, with its key, beside the store.',
    remedy: 'Make that folder writable, remove files of the same name that are not yours, or omit --tls-port.',
  },
  'harness/space': {
    title: 'the space cannot be created or removed',
    why: 'A space of the harness has its own apps, journal, clock and faults. Its name, or the time after which it expires, is not valid, there are as many spaces as the harness allows, or there is no space of that name, or not any more.',
    remedy:
      'Choose another name or time, or remove spaces that are no longer needed with `connector harness remove-space`. `connector harness spaces` lists them.',
  },
  'harness/store': {
    title: 'the store cannot be used',
    why: 'The file or database is not a harness store, was written by a newer version, was encrypted with another key, or cannot be reached or written. A running harness answers 503 while its database cannot be reached.',
    remedy:
      'Pass another file with --store, or move this one away. For a database, check that it runs, and the URL, the user, the password and CONNECTOR_HARNESS_KEY.',
  },
  'state/no-key': {
    title: 'the key of the local state cannot be used',
    why: 'The files in `.connector/` are only trusted if you wrote them, because they could have come with a clone or an archive. They are signed with a key in your configuration folder, and that folder cannot be used.',
    remedy:
      'Set XDG_CONFIG_HOME to a folder of yours that is writable. If the key is damaged, delete it: a new key is created, and files signed with the old one are ignored.',
  },
  'state/newer-version': {
    title: 'local state of a newer version',
    why: 'A file in `.connector/` was written by a newer version of the command, in a format that this version cannot read.',
    remedy: 'Use the newer version, or move the file away.',
  },
  'origin/unknown': {
    title: 'no such origin in the project',
    why: 'Origins are the targets that a project is pushed to; each has an entry in connector.json.',
    remedy: 'Use one of the listed origins, or add it to connector.json.',
  },
  'origin/no-token': {
    title: 'no token for the origin',
    why: 'The platform requires a token. Tokens are never passed on the command line, where other users could read them.',
    remedy:
      'Log in with `connector login`, or set CONNECTOR_TOKEN_<ORIGIN> for one origin, or CONNECTOR_TOKEN for all origins at the platforms’ own addresses. For any other host, also set CONNECTOR_HOST_<ORIGIN>.',
  },
  'origin/host': {
    title: 'the token is not allowed for this host',
    why: 'The project names the hosts of its origins, so anyone who can change connector.json can change them. A token is only sent to the platforms’ own addresses, to the address that you logged in to, and to a host that you set yourself.',
    remedy:
      'Check the address. If it is right, log in with `connector login`, or set CONNECTOR_HOST_<ORIGIN> to the host together with CONNECTOR_TOKEN_<ORIGIN>.',
  },
  'origin/plain-http': {
    title: 'an address without TLS',
    why: 'Over plain http, anyone on the network can read the token and the pushed data. It is only allowed for addresses of this machine.',
    remedy: 'Use https:// in the URL of the origin.',
  },
  'origin/token-file': {
    title: 'the token file of the origin is not read',
    why: 'The project names both the file and the address that its content is sent to, so it could be any file of yours. You are asked once for each file and address, and the answer is stored in your configuration folder.',
    remedy:
      'Run the command once in a terminal, or set CONNECTOR_HOST_<ORIGIN> to the host. The file must contain only the token, in one line.',
  },
  'origin/credentials': {
    title: 'the credentials file cannot be used',
    why: 'The tokens from `connector login` are stored in a file of yours, which is not in the expected format.',
    remedy: 'Correct the file, or remove it and log in again.',
  },
  'origin/unauthenticated': {
    title: 'the token was not accepted',
    why: 'The platform answered that the token is not valid.',
    remedy: 'Check the token; for the harness, remove .connector/harness.json and start it again.',
  },
  'origin/forbidden': {
    title: 'the token lacks a permission',
    why: 'The token is valid, but it lacks a scope, or its owner lacks a permission.',
    remedy:
      'Use a token with the scope or privilege in the message: on Make sdk-apps:read to read and sdk-apps:write to change, on Workato oem_vendor.',
  },
  'origin/unreachable': {
    title: 'the platform cannot be reached',
    why: 'The request got no response: the host name is unknown, nothing listens there, the certificate is not trusted or it took too long.',
    remedy: 'Check the address and the network; the message has the cause.',
  },
  'origin/refused': {
    title: 'the platform refused the request',
    why: 'The platform understood the request and refused it; the message quotes its response.',
    remedy: 'Follow the platform’s message.',
  },
  'origin/unexpected-answer': {
    title: 'an unexpected response from the platform',
    why: 'The status means success, but the body does not have the format that the platform documents. Login pages, maintenance pages and proxies respond like this, so the response is not used: an unreadable list is not an empty list.',
    remedy:
      'Open the address in a browser, log in to the network if it asks for it, and check the origin’s URL. If the platform itself responds like this, please report it.',
  },
  'origin/changed': {
    title: 'it changed since it was shown',
    why: 'Before something is deleted or revoked, it is shown and you are asked. It was changed by someone else in the meantime, so your answer no longer applies.',
    remedy: 'Run the command again, and check the current state.',
  },
  'origin/not-found': {
    title: 'not found on the platform',
    why: 'It does not exist on the platform, or this token cannot see it.',
    remedy:
      'Push the project again, or correct the name in connector.json; for customers’ connections, check both ids.',
  },
  'access/not-valid': {
    title: 'the contract does not allow this action now',
    why: 'Which actions are possible depends on the state of the contract, on the platform, and on whether the application or the API is yours.',
    remedy: 'Use one of the actions in the hint, or ask the owner of the other side.',
  },
  'access/refused': {
    title: 'access was not granted',
    why: 'The request was rejected, cancelled, revoked or suspended; the message quotes the platform’s state.',
    remedy: 'Use one of the actions in the hint, or request access again.',
  },
  'access/pending': {
    title: 'the request was not decided in time',
    why: 'The owner of the API has not decided about the request yet.',
    remedy: 'Keep waiting with `connector access show <contract> --wait`, or try again later; the request stays.',
  },
  'access/no-place': {
    title: 'no connection can store the credentials',
    why: 'Granted credentials are never shown. They are written to the values of a connection’s `common`, which must declare them.',
    remedy: 'Declare clientId and clientSecret in common.schema.json, the secret with "writeOnly": true.',
  },
  'sync/conflict': {
    title: 'changed on the platform since the last sync',
    why: 'Someone else changed the section, or no common state is known. Changes of others are never overwritten without your decision.',
    remedy:
      'See the differences with `connector diff`. `connector pull` takes the changes and merges those that do not overlap. --theirs takes the platform’s version and --ours keeps yours, for everything or for parts such as github/api.',
  },
  'sync/ambiguous': {
    title: 'several matches on the platform',
    why: 'Without a recorded name, an app or connection is matched by its label, and a connection by its type as well. With several matches, a push could overwrite someone else’s work.',
    remedy: 'Write the right name into the project’s manifest, or change the label of one of them.',
  },
  'sync/gone': {
    title: 'the connection was deleted on the platform',
    why: 'It existed after the last sync. Someone deleted it, or the harness lost its store.',
    remedy: 'Push to create it again, or remove it from the project as the hint describes.',
  },
  'sync/not-declared': {
    title: 'a pushed connection is no longer in the project',
    why: 'It was removed from the project, but still exists on the platform. Nothing is deleted without your decision.',
    remedy: 'Push with --allow-destructive to delete it there, or restore it with `connector pull --theirs <id>`.',
  },
  'sync/section-left': {
    title: 'a pushed section no longer has a file',
    why: 'Its file was removed, but the platform still has its content. A section without a file is unmanaged: it is neither compared nor pushed, so users still get content that is not in the project.',
    remedy:
      'To empty it on the platform, write {} or [] into its file and push. To leave it as it is, add the section to `unmanaged` in connection.json; in Make’s local-development layout, write null in place of its file. Otherwise restore the file.',
  },
  'sync/destructive': {
    title: 'connections or an app would be deleted',
    why: 'A deleted connection stops working for every user of the app.',
    remedy: 'Check the plan, and add --allow-destructive.',
  },
  'sync/app-stays': {
    title: 'the created app is not deleted',
    why: 'The app did not exist before the push. Deleting it deletes everything in it, so it is only deleted with --allow-destructive and when it contains nothing else.',
    remedy: 'Roll back with --allow-destructive, or delete the app on the platform.',
  },
  'sync/cut-off': {
    title: 'the push was interrupted',
    why: 'A request failed during the push. Finished changes and the next change are recorded.',
    remedy: 'Push again to continue, or run `connector rollback` to restore the previous state.',
  },
  'sync/common-differs': {
    title: 'the values of common differ',
    why: 'The values of common differ between the project and the platform. They are secret, so only their keys are shown.',
    remedy: 'Choose a side: --ours <id>/common on a push, or --theirs <id>/common on a pull.',
  },
  'sync/common-locked': {
    title: 'the values of common are locked',
    why: 'Make locks the common data of an app when the app is approved, so the platform would refuse the change.',
    remedy: 'Change them through the installation form (install and installSpec), in the platform’s administration.',
  },
  'sync/plan-unreadable': {
    title: 'not a valid plan',
    why: 'The file is not a plan of `connector diff --out`, was written by another version, or is for another origin.',
    remedy: 'Make a new plan with `connector diff --out plan.json`.',
  },
  'sync/plan-stale': {
    title: 'the platform changed since the plan was made',
    why: 'A plan is applied exactly as it was reviewed, or not at all. Something that it would overwrite has changed.',
    remedy: 'Make a new plan, and check what changed.',
  },
  'sync/plan-values': {
    title: 'values for the plan are missing',
    why: 'A plan contains the keys of common that it sets, but never their values.',
    remedy: 'Write common.local.json, or set CONNECTOR_COMMON_<ID>_<KEY>.',
  },
  'sync/no-snapshot': {
    title: 'no such snapshot',
    why: 'Snapshots are taken before a push that changes something, and stored in .connector/snapshots on this machine.',
    remedy: 'Use one that `connector status` lists.',
  },
  'sync/not-pushed': {
    title: 'the connection is not on the platform',
    why: 'Only a connection that exists there can be recreated.',
    remedy: 'Push the project first.',
  },
  'sync/not-verified': {
    title: 'the platform stored something else',
    why: 'After a push every section is read back and compared. A difference means that the platform changed the text, or that someone else wrote at the same time.',
    remedy: 'Push again; if the problem remains, compare the two texts.',
  },
  'common/not-ignored': {
    title: 'a file of secrets that git does not ignore',
    why: 'The values of common are stored in common.local.json, beside the connection. Git does not ignore the file, so the next `git add` publishes the secrets to everyone who can read the repository and its history.',
    remedy:
      'Add the line in the message to .gitignore. If the file is already committed, remove it with `git rm --cached`, and replace the secrets at the provider.',
    allowed: 'project',
  },
  'sync/common-skipped': {
    title: 'no values for common',
    why: 'The values of common are secrets, so they are not in tracked files but in common.local.json or in the environment.',
    remedy: 'Write common.local.json beside common.schema.json, or set CONNECTOR_COMMON_<ID>_<KEY>.',
  },
  'instances/in-use': {
    title: 'the connection is used by active recipes',
    why: 'The platform does not disconnect or delete a connection that active recipes use.',
    remedy:
      'Stop the recipes that use it. To disconnect it anyway, which makes those recipes fail, pass --allow-in-use.',
  },
  'instances/not-authorized': {
    title: 'the credentials were not accepted',
    why: 'The connection was created or changed, but the platform’s test of its credentials failed. It exists, but is not connected.',
    remedy: 'Correct the parameters and update the connection; the message quotes the platform.',
  },
  'instances/lost': {
    title: 'a customer’s connection lost its authorization',
    why: 'The credentials were accepted before but no longer are: a token was revoked or a password changed. The connection stays, but recipes that use it fail.',
    remedy: 'Update the connection with new credentials, or let the customer connect again.',
  },
  'instances/input': {
    title: 'connection parameters that cannot be read',
    why: 'Parameters contain credentials, so they are read from a file, from stdin or from the environment, never from the command line. They are one JSON object.',
    remedy:
      'Pass a JSON object such as {"host_name": "acme.example.com"} with --input <file>, --input - or in CONNECTOR_INPUT.',
  },
  'connect/no-callback': {
    title: 'the browser did not return',
    why: 'After the user agrees, the provider redirects the browser to the redirect URI, where the command listens on this machine. The command waited until its timeout.',
    remedy:
      'Connect again and finish in the browser. If that shows an error about the redirect URI, register it with the provider.',
  },
  'connect/port': {
    title: 'the port of the redirect URI is in use',
    why: 'The provider redirects the browser to a port of 127.0.0.1, and another program listens on it.',
    remedy: 'Choose another port with --port, and register its redirect URI with the provider.',
  },
  'connect/headless': {
    title: 'the local provider did not grant access',
    why: 'Without a browser the command submits the provider’s pages itself. It got another page, which gives the reason.',
    remedy: 'Follow the message, or connect without --headless to see the page.',
  },
  'connected/unknown': {
    title: 'no such connected connection',
    why: 'Connected connections have the ids that `connector connections list` shows, on the machine where they were connected.',
    remedy: 'Use one of the listed ids, or connect again.',
  },
  'run/url': {
    title: 'a URL that is not absolute',
    why: 'A connection has no base URL, so a request needs an absolute URL. The expressions in this URL did not produce one.',
    remedy: 'Start the url with https:// and the host; the trace shows the values of its expressions.',
  },
  'run/request': {
    title: 'a request that cannot be sent',
    why: 'The method, the headers or the body are not valid in HTTP.',
    remedy: 'Check the value of the expression in the trace, and correct it or the value in the form.',
  },
  'run/expression': {
    title: 'an expression that cannot be evaluated',
    why: 'It calls a function that does not exist, or passes a value that the function does not accept.',
    remedy: 'Correct what the message names; `connector iml` evaluates a single expression.',
  },
  'run/signature': {
    title: 'a request that cannot be signed',
    why: 'A signature needs a key, a supported method, and a place in the request.',
    remedy: 'Check the values of the directive oauth or aws in the trace.',
  },
  'run/unreachable': {
    title: 'an API that cannot be reached',
    why: 'The request got no response: the host is unknown, nothing listens there, or its certificate is not trusted.',
    remedy: 'Check the host in the URL, and the network.',
  },
  'run/timeout': {
    title: 'a response that takes too long',
    why: 'Make waits 40 seconds for a response, and so does a run here.',
    remedy: 'Use a faster endpoint, or find out why this one is slow.',
  },
  'run/too-large': {
    title: 'a response that is too large',
    why: 'A connection requests a token or account data. A response of many megabytes is something else, or never ends.',
    remedy: 'Use an endpoint with a smaller response.',
  },
  'run/redirect-loop': {
    title: 'too many redirects',
    why: 'Each response redirects to another URL.',
    remedy: 'Use the URL that the API documents, or turn off redirects with followRedirects.',
  },
  'run/too-many-requests': {
    title: 'more requests than a run may make',
    why: 'Make allows 100 requests in one run.',
    remedy: 'Use fewer requests or redirects.',
  },
  'run/answer': {
    title: 'a response that cannot be read',
    why: 'A response is parsed by its Content-Type, or by the type that the section declares. This response has another format, or is not compressed as its headers say.',
    remedy: 'Check the response in the trace; set response.type, or use another endpoint.',
  },
  'run/refused': {
    title: 'the API refused the request',
    why: 'The status means failure, or `valid` is false. The message comes from `error` in the section.',
    remedy: 'Check the request and the response in the trace.',
  },
  'run/denied': {
    title: 'the provider did not grant access',
    why: 'The user did not agree, or the provider does not accept the client, its scopes or its redirect URI.',
    remedy: 'Connect again and agree; otherwise correct what the provider names.',
  },
  'run/state': {
    title: 'the state does not match',
    why: 'The provider must return the `state` that the browser was sent with (RFC 6749, section 10.12). Otherwise an attacker could connect their own account. Such a response is not used, and `connector connect` goes on waiting for the right one.',
    remedy:
      'Connect again, and finish in the window that opens. If it ends in the same way, the provider does not return the state.',
  },
  'run/no-code': {
    title: 'the browser returned without a code',
    why: 'A provider returns a `code` for a user who agreed, and otherwise an `error` (RFC 6749, section 4.1.2). The response had neither, or the section reads the code under another name.',
    remedy: 'Compare the query string in the trace with what the section reads after `query.`.',
  },
  'run/data-too-large': {
    title: 'more data than a connection may store',
    why: 'Make stores at most 64 KB with a connection, including the values of its form.',
    remedy: 'Store only what later steps use.',
  },
  'test/case': {
    title: 'a test that cannot be run',
    why: 'A case needs inputs, responses and expected results. Without an expectation it could not fail, and would count as passed.',
    remedy: 'Follow the message; `connector schema test` prints the schema of test files.',
  },
  'test/not-run': {
    title: 'a file that is not a test',
    why: 'Only files whose names end in .test.jsonc are run, so this file is ignored.',
    remedy: 'Rename it, or move it out of the folder tests.',
  },
  'test/none': {
    title: 'no tests',
    why: 'Nothing was run, so a passing pipeline would prove nothing.',
    remedy: 'Write a test in the connection’s folder tests, or record one with `connector connect --record <name>`.',
  },
  'test/request': {
    title: 'a request that differs from the test',
    why: 'The request of the section differs in a part that the test expects.',
    remedy:
      'Correct the section at the shown place, or the test; `connector test --update` writes the current request.',
  },
  'test/unexpected-request': {
    title: 'a request that the test does not expect',
    why: 'A test has no network: each request gets the response of the next exchange, and there is none left for this one.',
    remedy: 'Add an exchange, or find out why the request is made.',
  },
  'test/missing-request': {
    title: 'an expected request was not made',
    why: 'The run ended before all exchanges of the test were used: a condition was false, or a step was removed.',
    remedy: 'Check the condition in the message, or remove the exchange from the test.',
  },
  'test/steps': {
    title: 'the steps differ from the test',
    why: 'The section and its conditions decide which steps run, and in which order.',
    remedy: 'Check the condition, or correct the list in the test.',
  },
  'test/result': {
    title: 'a result that differs from the test',
    why: 'The stored and shown values come from the directives under response of each step.',
    remedy: 'Correct the directive, or the test; `connector test --update` writes the current result.',
  },
  'test/error': {
    title: 'an error that differs from the test',
    why: 'Users see the text of the error, so the test compares it.',
    remedy: 'Correct error and valid of the step, or the test.',
  },
  'test/failed-run': {
    title: 'the run failed',
    why: 'A test expects its run to succeed unless it expects an error.',
    remedy: 'Correct the section, or add the expected error to the test.',
  },
  'record/exists': {
    title: 'a test of that name is there already',
    why: 'A recording never takes the place of a test that somebody wrote.',
    remedy: 'Choose another name, or delete the file first.',
  },
  'record/name': {
    title: 'no name for a file of tests',
    why: 'The name becomes that of a file: letters, digits, dots, hyphens and underscores do.',
    remedy: 'Choose another name.',
  },
  'record/not-replayable': {
    title: 'a run that cannot be recorded',
    why: 'A recording is repeated with placeholders in the place of secrets, so that no secret is in it and its requests match all the same. This run goes another way then.',
    remedy: 'Write the test by hand, with values of your own that have the form that the expressions need.',
  },
  'record/secret': {
    title: 'a recording that would hold a secret',
    why: 'What is recorded goes into git. A value that equals a secret of the run is left in it, so that nothing was written.',
    remedy: 'Take the secret out of the section, or record the run with another one.',
  },
  'test/secret': {
    title: 'a secret in a test',
    why: 'Tests are committed to git, and shown when they fail. A test with a value of common or of a connected connection, or with a value that looks like a secret, is not run.',
    remedy: 'Use a made-up value instead, record the test again, and revoke a secret that was committed.',
  },
  'iml/data': {
    title: 'the data of an expression cannot be read',
    why: 'The variables of an expression are the properties of one JSON object.',
    remedy: 'Pass a JSON object such as {"parameters": {"apiKey": "x"}} with --data <file>, or with --data - on stdin.',
  },
  'iml/evaluation': {
    title: 'an expression cannot be evaluated',
    why: 'It has a syntax error, calls a function that does not exist, or passes a value that the function does not accept.',
    remedy: 'Correct what the message names.',
  },
  'iml/place': {
    title: 'no such place in a connection',
    why: 'Which variables exist depends on the section and the step.',
    remedy: 'Use a place that starts with api or install, such as api.token.body, api.response.data or install.common.',
  },
  'validate/too-many-warnings': {
    title: 'too many warnings',
    why: 'Warnings do not fail the command, but --max-warnings sets a limit for them.',
    remedy: 'Fix some of them, or raise the limit.',
  },
  'changed/no-git': {
    title: 'git cannot be run',
    why: 'The option --changed needs git, and it is not installed or not in PATH.',
    remedy: 'Install git, or validate the whole project without --changed.',
  },
  'changed/no-repository': {
    title: 'git cannot list the changes',
    why: 'The project is not in a git repository that git can read; the message quotes git.',
    remedy: 'Run the command in a repository, or validate the whole project without --changed.',
  },
  'changed/unknown-ref': {
    title: 'unknown commit, branch or tag',
    why: 'The project is compared with a commit, a branch or a tag that this clone does not have. By default, CI clones only the last commit.',
    remedy: 'Fetch it, or clone with the full history.',
  },
  'output/unwritable': {
    title: 'a report cannot be written',
    why: 'The file of --format cannot be written, or is part of the project. The results are still printed.',
    remedy: 'Choose another file.',
  },
  'types/stale': {
    title: 'connector.d.ts is not up to date',
    why: 'The sections changed since the types were generated.',
    remedy: 'Run `connector types` and commit the file.',
  },
  'mcp/not-allowed': {
    title: 'an agent wants to reach what nobody allowed',
    why: 'The tools of `connector mcp` reach only the harness on this machine. Other origins and real APIs need a person who allows them, because an agent may have read instructions that someone else wrote.',
    remedy: 'If you want the agent to reach it, start the server with --allow-origin and the address in the message.',
  },
  'mcp/unknown-sign-in': {
    title: 'no such sign-in',
    why: 'The tool finish_connect takes what the tool connect gave while a person signs in. A sign-in ends with its result, after ten minutes, when another one starts, and with the server.',
    remedy: 'Start again with the tool connect.',
  },
  'doctor/node': {
    title: 'a version of Node.js that is too old',
    why: 'The command uses parts of Node.js that earlier versions lack, so that it may fail anywhere.',
    remedy: 'Install the newest long-term version of Node.js; `connector info` prints the one that runs.',
  },
  'doctor/path': {
    title: 'more than one connector',
    why: 'A shell runs the first program of that name in PATH. If that is another version than the one that you installed or updated, it behaves in another way.',
    remedy: 'Remove the others, or run the one of the project with `npx connector`.',
  },
  'doctor/project': {
    title: 'the project cannot be used as it is',
    why: 'Its settings or its sections cannot be read, or `connector validate` reports errors in them.',
    remedy: 'Run `connector validate`, which shows the places.',
  },
  'doctor/editor': {
    title: 'outdated schemas in the settings of editors',
    why: 'The file `.vscode/settings.json` tells editors the schema of each section. Here it names other files or other schemas than the project has now, so that editors report what is right or miss what is wrong.',
    remedy: 'Run `connector doctor --fix`, which writes the settings and schemas again and leaves what is not its own.',
  },
  'doctor/credentials': {
    title: 'no usable token, or an open file of secrets',
    why: 'Without a token, commands cannot talk to the origin; and what other users of the machine can read is no secret.',
    remedy: 'Log in with `connector login`; `connector doctor --fix` lets only you open the files.',
  },
  'doctor/scopes': {
    title: 'a token that is refused or may not do everything',
    why: 'The platform does not accept the token, or the token lacks scopes that operations of the platform need.',
    remedy: 'Make a token with the scopes in the message, and log in with it.',
  },
  'doctor/clock': {
    title: 'a clock that is wrong',
    why: 'OAuth 1 signatures, JWT assertions and expiry times are compared with the clock of the provider. A clock that differs by minutes makes it refuse them, often without saying why.',
    remedy: 'Let the operating system set the time from the network.',
  },
  'doctor/ports': {
    title: 'a port that cannot be used',
    why: 'Another program listens on a port that a command uses unless it is told another one.',
    remedy:
      'Stop that program, or choose another port with --port; a redirect URI with the new port must be registered at the provider.',
  },
  'doctor/harness': {
    title: 'a harness that does not answer, or is of another version',
    why: 'The harness that is written down for the folder is not what answers at its address, or another version of the command started it. Requests of this version may then be refused.',
    remedy: 'Stop it, and start it again with `connector harness`.',
  },
  'doctor/history': {
    title: 'a secret in the git history',
    why: 'A commit has a value that is stored on this machine as a secret, a file that holds secrets, or what looks like a secret. Everybody who has the repository, or ever cloned it, has it.',
    remedy:
      'Revoke the secret at the provider and get a new one. Removing it from the history, with a tool such as git filter-repo, is only the second step.',
  },
  'info/no-clipboard': {
    title: 'no clipboard',
    why: 'Neither a program for the clipboard was found nor a terminal that could be asked.',
    remedy: 'Copy the text that was printed, or install xclip or wl-clipboard.',
  },
  'internal/bug': {
    title: 'a bug in connector',
    why: 'The command failed in a way that it does not handle. This is not your fault.',
    remedy: 'Report it with the stack trace; CONNECTOR_DEBUG=1 shows it.',
  },
  'explain/unknown-code': {
    title: 'no such code',
    why: 'Every problem has a code with a page; this code does not exist.',
    remedy: 'Run `connector explain` to list them all.',
  },
} as const satisfies Record<string, Page>;

export type Code = keyof typeof PAGES | RuleCode;
