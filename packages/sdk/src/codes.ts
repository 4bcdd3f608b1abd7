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

export const PAGES = {
  'source/syntax': {
    title: 'not valid JSON',
    why: 'A section is JSON text, with comments where the section allows them. Nothing can be said about a text that cannot be read.',
    remedy:
      'Go to the place that is named: the cause is there or just before it. One problem is reported at a time, because the ones after it are often its echo.',
  },
  'source/comment': {
    title: 'a comment in strict JSON',
    why: 'Make keeps `common` encrypted and accepts only strict JSON for it; the project’s own files are strict JSON as well.',
    remedy: 'Move the comment into a section that allows comments, or into a `description`.',
  },
  'source/trailing-comma': {
    title: 'a comma after the last item',
    why: 'Make documents comments in sections, but not trailing commas, so a section that holds one may be refused when it is pushed.',
    remedy: 'Remove the comma.',
    allowed: 'project',
  },
  'source/duplicate-key': {
    title: 'a key that stands twice in an object',
    why: 'JSON leaves open what such a text means; Make, as most readers, takes the last value, and the first is lost without a word.',
    remedy: 'Remove one of the two, or rename it.',
  },
  'source/encoding': {
    title: 'not UTF-8 without a byte order mark',
    why: 'Sections are pushed byte for byte. A byte order mark or a damaged character would be pushed with them, and is invisible in most editors.',
    remedy: 'Save the file as UTF-8 without a byte order mark.',
  },
  'source/too-deep': {
    title: 'nested too deeply',
    why: 'Texts nested hundreds of levels deep have crashed every reader that recurses; no section needs them.',
    remedy: 'Flatten the value.',
  },
  'source/too-large': {
    title: 'too large to be read',
    why: 'Make refuses requests of about 2 MB, and no section comes near it. A text that is much larger could not be pushed, so that nothing in it is looked at.',
    remedy: 'Take out of the file what does not belong into the section, such as an example of an answer.',
  },
  'schema/type': {
    title: 'a value of the wrong type',
    why: 'The platform reads this place as another type of value and refuses or ignores what it finds.',
    remedy: 'Write a value of the expected type.',
  },
  'schema/connection-type': {
    title: 'a section of another type of connection',
    why: 'A connection without OAuth proves itself with a request of its own, one with OAuth in named steps such as authorize and token. Under the wrong type nothing in the section is understood, so that only this is reported.',
    remedy:
      'Correct the type of the connection, which connection.json or makecomapp.json names, or write the section for the type that it has.',
  },
  'schema/required': {
    title: 'a required property is missing',
    why: 'The section cannot work without it.',
    remedy: 'Add the property.',
  },
  'schema/unknown-key': {
    title: 'an unknown property',
    why: 'The platform ignores properties that it does not know, so a misspelt one silently does nothing. Some are known in modules but have no place in a connection.',
    remedy: 'Correct the name, or remove the property.',
    allowed: 'comment',
  },
  'schema/enum': {
    title: 'not one of the allowed values',
    why: 'Only a few values are understood here.',
    remedy: 'Use one of the values that are listed.',
    allowed: 'comment',
  },
  'schema/value': {
    title: 'a value outside its limits',
    why: 'The value has the right type, but is too long, too short, out of range or of the wrong form.',
    remedy: 'Bring it within the limits that are named.',
    allowed: 'comment',
  },
  'form/not-expressible': {
    title: 'a form that the platform cannot show',
    why: 'Parameters and installSpec may be written as a JSON Schema, from which the platform’s own form is made. JSON Schema can say more than a form can ask, and what is lost would be missed only by users.',
    remedy:
      'Do what the hint says. What only the platform knows is said with x-make-… annotations; `connector convert <connection> --to array` shows the form that is made.',
  },
  'form/lost': {
    title: 'something that the other form has no place for',
    why: 'A JSON Schema may hold words for people and programs, and a Make form comments at places that have no counterpart. They do nothing in the form, and are gone when the file is converted.',
    remedy: 'Nothing needs to be done; move what is worth keeping into a comment or a `description`.',
    allowed: 'project',
  },
  'value/missing': {
    title: 'a value that is required and was not given',
    why: 'The form, or the schema of `common`, says that nothing works without it.',
    remedy: 'Give the value.',
  },
  'value/type': {
    title: 'a value of the wrong type',
    why: 'The form, or the schema of `common`, asks for another type of value. The value itself is not shown: it may be a secret.',
    remedy: 'Give a value of the type that is named.',
  },
  'value/choice': {
    title: 'a value that is not offered',
    why: 'Only a few values can be chosen here.',
    remedy: 'Give one of the values that are listed.',
  },
  'value/limit': {
    title: 'a value outside its limits',
    why: 'The form, or the schema of `common`, limits length, size or shape of the value. The value itself is not shown: it may be a secret.',
    remedy: 'Give a value within the limits that are named.',
  },
  'validate/and-more': {
    title: 'more problems of a kind than are reported',
    why: 'A text that was generated or damaged can hold millions of the same problem, which nobody reads.',
    remedy: 'Fix those that are shown, then validate again.',
    allowed: 'project',
  },
  'suppression/malformed': {
    title: 'a comment that allows nothing',
    why: 'A problem may be allowed with a comment, but only by its code and with a reason: the next reader wants to know why it is all right here.',
    remedy: 'Write `// connector-ignore <code>: <reason>`, on the line before the problem or behind it.',
    allowed: 'project',
  },
  'suppression/refused': {
    title: 'a comment or a rule for what cannot be allowed',
    why: 'What a rule finds may be allowed for a whole project or where it stands. A name or a value that the schema of a section does not know may be allowed where it stands, because a platform may know more than the schema. What cannot be read, has the wrong type or is missing cannot be used by anything that comes after, and stays an error.',
    remedy:
      'Fix the problem, and remove the comment or the rule; `schema/enum`, `schema/unknown-key` and `schema/value` take a comment at their place.',
    allowed: 'project',
  },
  'suppression/unused': {
    title: 'a comment that allows what is not there',
    why: 'The problem was fixed, or the comment stands on another line. Left where it is, it would hide the next problem of its kind.',
    remedy: 'Remove the comment, or move it to the line before the problem.',
    allowed: 'project',
  },
  'project/not-found': {
    title: 'no connector project here',
    why: 'Commands work on the project in the current folder or the nearest one above it, and a project is marked by its connector.json.',
    remedy: 'Go to the project’s folder, name it with --project, or make a new one with `connector create`.',
  },
  'project/unreadable': {
    title: 'a file that cannot be read or written',
    why: 'The file is out of reach, too large, or leads out of the project’s folder; nothing was changed.',
    remedy: 'Do what the message says, then run the command again.',
  },
  'project/changed': {
    title: 'a file was changed while it was being worked on',
    why: 'Between reading the file and writing it, somebody else saved it: an editor, or another command. Their text would have been lost.',
    remedy: 'Run the command again; it works on the text that is there now.',
  },
  'project/unknown-file': {
    title: 'a file that is no section',
    why: 'A connection’s folder holds its connection.json and the files of its sections. A file with another name is never validated or pushed, which is hardly meant.',
    remedy: 'Rename the file to the section that it declares, or move it out of the folder.',
    allowed: 'project',
  },
  'project/duplicate-section': {
    title: 'a section declared twice',
    why: 'The section has two files, and only one of them can be pushed.',
    remedy: 'Keep one of the two files.',
  },
  'project/missing-section': {
    title: 'a section that is not there',
    why: 'A connection does nothing without its `api`. A section without a file is not managed here: it is neither compared nor pushed, so that this is hardly meant.',
    remedy:
      'Add the file. To leave alone what the platform has of it, list the section in `unmanaged` of connection.json; in Make’s local-development layout, write null in place of its file.',
  },
  'project/unmanaged': {
    title: 'a section that is unmanaged and there',
    why: 'In connection.json, `unmanaged` lists sections that are absent on purpose. One that is there would be pushed.',
    remedy: 'Take it off the list, or remove its file.',
  },
  'project/no-type': {
    title: 'a connection of no declared type',
    why: 'Make stores a type with each connection, and asks for it when one is created. Until then its sections are checked as far as the types that they fit agree.',
    remedy:
      'Add `connectionType` to its entry in makecomapp.json: basic or oauth, as `connector status` says that the platform stores it.',
  },
  'project/unnamed-file': {
    title: 'a file of a section that the manifest does not name',
    why: 'In Make’s local-development layout only what `codeFiles` names is validated and pushed. The file has the name that Make’s extension gives to a section.',
    remedy: 'Name it in makecomapp.json, or write null there for a section that is ignored.',
    allowed: 'project',
  },
  'openapi/unreadable': {
    title: 'a document that describes no API',
    why: 'Connections are made of OpenAPI 2.0 to 3.2 in JSON or YAML, and of discovery documents. Nothing can be made of a text that is neither.',
    remedy: 'Give the document itself: its file, its address, or its text on stdin.',
  },
  'openapi/odd': {
    title: 'something odd in a vendor’s document',
    why: 'Vendors’ documents are often not as their specification has it. What can be understood all the same is gone on with, and told, because what was meant may be something else.',
    remedy: 'Look at the place in the document, and at what was made of it.',
  },
  'openapi/unsupported': {
    title: 'a security scheme that no connection can have',
    why: 'Some ways to authorize need what a connection has no place for: a certificate of the client, a token that stays in the browser, two values in one header.',
    remedy: 'Use another way that the vendor offers; the message says what is missing.',
  },
  'openapi/no-security': {
    title: 'a document that does not say how to connect',
    why: 'Many documents describe every request and not how requests are authorized. A guess would be a connection that fails at the first user.',
    remedy:
      'Say it with --auth, as the vendor’s documentation has it: bearer, basic, digest, header:X-API-Key, query:api_key.',
  },
  'openapi/unanswered': {
    title: 'something that the document does not say',
    why: 'A connection needs to know it, and the document is silent. The place is marked with `Unanswered:` in the section.',
    remedy: 'Write it at the place that is named, or create the connection again with the option that the hint names.',
  },
  'openapi/assumed': {
    title: 'something that was taken to be as it usually is',
    why: 'The document leaves it open, and what was written is what most vendors do, or the likeliest of what the document offers.',
    remedy: 'Check it; the hint says how it is changed.',
  },
  'openapi/answer': {
    title: 'an option that does not fit the document',
    why: 'What was said of the document cannot be found in it, or would prove nothing.',
    remedy: 'Use one of the values that the hint names.',
  },
  'project/missing-file': {
    title: 'a file that the project names is not there',
    why: 'In Make’s local-development layout `makecomapp.json` names the file of each section.',
    remedy: 'Correct the path; a section that is not kept here is null.',
  },
  'project/paired-twice': {
    title: 'two connections that are one on the other side',
    why: 'The manifest says what each connection is called on an origin. If two of ours are one there, each push writes over what the other pushed; if one is two, nobody knows which is meant.',
    remedy: 'Keep the pair that is right, and remove the other.',
  },
  'project/placeholder': {
    title: 'an origin that is not filled in',
    why: 'Make’s editor extension adds an origin with placeholders in place of its address and its app. Neither is there, so that nothing can be read from it or pushed to it.',
    remedy: 'Write the values into `makecomapp.json`, or remove the origin.',
    allowed: 'project',
  },
  'project/no-name': {
    title: 'nothing says what the app is called',
    why: 'A new app needs a name. `connector.json` gives it; in Make’s local-development layout it is that of the app in `origins`, or of the folder.',
    remedy:
      'Give an origin in `makecomapp.json` the `appId` of an app that is there, or add a `connector.json` with a `name` and `"layout": "make"`.',
  },
  'project/other-components': {
    title: 'components that are no connections',
    why: 'This tool is about connections. Modules, RPCs, functions and webhooks of the same app are neither checked nor pushed.',
    remedy: 'Nothing: Make’s own editor extension takes care of them.',
    allowed: 'project',
  },
  'convert/layout': {
    title: 'the project cannot be moved into that layout',
    why: 'A layout that other tools read as well can hold only what they understand.',
    remedy: 'Do what the hint says, then convert again; nothing was changed.',
  },
  'project/no-descriptor': {
    title: 'a connection without connection.json',
    why: 'Every folder under connections/ is a connection, and its connection.json says of which type it is.',
    remedy: 'Add a connection.json with `type` and `label`, or remove the folder.',
  },
  'project/connection-id': {
    title: 'a folder name that is no connection id',
    why: 'The id of a connection is used in file names, environment variables and on platforms.',
    remedy: 'Rename the folder: a letter, then letters, digits and hyphens, 64 at most.',
  },
  'project/unknown-connection': {
    title: 'no such connection in the project',
    why: 'The command was given the id of a connection that the project does not have.',
    remedy: 'Use one of the ids that are listed: they are the folder names under connections/.',
  },
  'project/no-connections': {
    title: 'a project without connections',
    why: 'There is nothing to validate, type or push. In CI (`CI` is set) `connector validate` takes it for an error: a check that looks at nothing always passes.',
    remedy:
      'Add a folder under connections/ with a connection.json; in Make’s local-development layout, name one in makecomapp.json.',
    allowed: 'project',
  },
  'create/not-empty': {
    title: 'the folder is not empty',
    why: 'A new project is never written over files that are there.',
    remedy: 'Choose another name, or empty the folder first.',
  },
  'create/unknown-template': {
    title: 'no such template or example',
    why: 'Templates and examples are folders that come with the command.',
    remedy: 'Use one of those that are listed.',
  },
  'create/name': {
    title: 'a name that cannot be used',
    why: 'The name becomes a folder, a package and an app on the platform.',
    remedy: 'Use lower-case letters, digits and hyphens, beginning with a letter, 2 to 30 characters.',
  },
  'usage/arguments': {
    title: 'the command was called in a way it does not understand',
    why: 'An unknown command or option, or a value that the option does not take.',
    remedy: 'See `connector --help` or `connector <command> --help`.',
  },
  'usage/missing': {
    title: 'something the command needs was not given',
    why: 'Without a terminal nothing is asked: all that is missing is named at once.',
    remedy: 'Run the command that is printed, with your own values.',
  },
  'usage/environment': {
    title: 'a variable of the environment has a value that cannot be used',
    why: 'What the environment sets holds for every command that is run there, so that nothing is guessed in its place.',
    remedy: 'Set the variable as the hint says, or unset it.',
  },
  'harness/not-running': {
    title: 'no harness is running',
    why: 'The command talks to the local harness, and none answers.',
    remedy: 'Start one with `connector harness` in another terminal, or work with `connector dev`.',
  },
  'harness/stranger': {
    title: 'something else answers at the harness’s address',
    why: 'Before a harness is sent anything, it shows what it is: that of the folder, that it knows the folder’s control token; one elsewhere, that it is a harness. What answered did not, so that it may be another program, and it was sent nothing.',
    remedy:
      'Start the harness of the folder again, with --port 0 if another program holds its port; check the address of one elsewhere.',
  },
  'harness/already-running': {
    title: 'a harness already runs for this folder',
    why: 'Two harnesses on one folder would share a store and write over each other’s address.',
    remedy: 'Use the one that runs, or stop it first.',
  },
  'harness/port-in-use': {
    title: 'the port is taken',
    why: 'Another process listens on the port that the harness was to use.',
    remedy: 'Stop that process, choose another port with --port, or let the system choose with --port 0.',
  },
  'harness/not-local': {
    title: 'the harness’s address is not this machine’s alone',
    why: 'The harness holds tokens and secrets and is meant for this machine. The others reach it as any other host: by an origin with its url.',
    remedy: 'Use a loopback address, or say --allow-remote and give it a token of your own in CONNECTOR_TOKEN.',
  },
  'harness/clock': {
    title: 'the harness’s clock cannot be set so',
    why: 'The clock takes moments in ISO 8601, and durations in milliseconds or with a unit.',
    remedy: 'Write a moment as in 2026-01-31T12:00:00Z, and a duration as in 90m or 2h.',
  },
  'harness/token': {
    title: 'no such token can be let in',
    why: 'A token is let in on one platform of the harness, with scopes that this platform has.',
    remedy: 'Correct the platform or the scope; `GET /__harness` lists both.',
  },
  'harness/snapshot': {
    title: 'no such snapshot',
    why: 'Snapshots of the harness have names of letters, digits, dots, hyphens and underscores.',
    remedy: 'Correct the name; `connector harness snapshot` lists those that are there.',
  },
  'harness/seed': {
    title: 'a seed that cannot be put in place',
    why: 'A seed names things by their ids, such as the API version of a contract, and the platform has none of that id, or it refuses something that the seed holds. Nothing of the seed was put in place.',
    remedy:
      'Correct the name, put what it names into the seed, or do what the platform says. The README of the platform in @connectorkit/harness tells what a seed can hold.',
  },
  'harness/fault': {
    title: 'the harness cannot fail so',
    why: 'A fault names an effect and, if it is not to concern every call, a platform and an operation of its contract.',
    remedy: 'Correct the field that is named; `connector harness fault --help` lists them.',
  },
  'harness/instance': {
    title: 'no such connection in the harness',
    why: 'Connections run in the harness once they were pushed to a platform of it that runs them, under the names that it gave them. What was connected there has an id of such a name and a number; it is deleted with its connection, and an attempt that was not finished ends with the harness.',
    remedy: 'Use one of the names or ids that are told; push the connection, or connect it again.',
  },
  'harness/not-connected': {
    title: 'nothing is connected yet',
    why: 'It can only be run again once it was connected: the browser has not come back yet, or what it brought was refused.',
    remedy: 'Finish in the browser, or look at the trace and connect again.',
  },
  'harness/certificate': {
    title: 'the certificate for TLS cannot be kept',
    why: 'The harness makes a certificate for this machine on first use and keeps it, with its key, beside the store.',
    remedy: 'Make that folder writable, remove files of the same name that are not yours, or leave --tls-port out.',
  },
  'harness/store': {
    title: 'the store cannot be opened',
    why: 'The file is not a harness store, was written by a newer version, belongs to another key, or cannot be written.',
    remedy: 'Name another file with --store, or move this one away.',
  },
  'state/no-key': {
    title: 'the key of this machine’s own state cannot be used',
    why: 'What `.connector/` holds is believed only if you wrote it, since it could have come with a clone or an archive. Its files are sealed with a key that lies in your own configuration folder, and that folder cannot be used.',
    remedy:
      'Set XDG_CONFIG_HOME to a folder of your own that can be written to. If the key is damaged, remove it: a new one is made, and what it sealed is left aside.',
  },
  'state/newer-version': {
    title: 'local state of a newer version',
    why: 'A file in `.connector/` was written by a newer version of the command, in a form that this one cannot read.',
    remedy: 'Use the newer version, or move the file away.',
  },
  'origin/unknown': {
    title: 'no such origin in the project',
    why: 'Origins are the places that a project is pushed to; each has an entry in connector.json.',
    remedy: 'Use one of those that are listed, or add it to connector.json.',
  },
  'origin/no-token': {
    title: 'no token for the origin',
    why: 'The platform lets nobody in without a token, and tokens are never given on the command line, where others could read them.',
    remedy:
      'Log in with `connector login`, or set CONNECTOR_TOKEN_<ORIGIN> for one origin, or CONNECTOR_TOKEN for all that are at a platform’s own addresses. Any other host is named beside the token, in CONNECTOR_HOST_<ORIGIN>.',
  },
  'origin/host': {
    title: 'the token is not known to be for this host',
    why: 'A project says where its origins are, and anybody who changes connector.json changes that. A token is sent only to the platforms’ own addresses, to what you logged in to, and to a host that you name yourself.',
    remedy:
      'Look at the address. If it is right, log in with `connector login`, or set CONNECTOR_HOST_<ORIGIN> to the host beside CONNECTOR_TOKEN_<ORIGIN>.',
  },
  'origin/plain-http': {
    title: 'an address without TLS',
    why: 'Over plain http everybody on the way can read the token, and what is pushed with it. Only this machine’s own addresses are reached so.',
    remedy: 'Write https:// into the address of the origin.',
  },
  'origin/token-file': {
    title: 'the token file of the origin is not read',
    why: 'The project names a file whose content is sent to an address that the project names as well. It could be any file of yours, so that you are asked once for each file and address, and the answer is kept in your own configuration folder.',
    remedy:
      'Run the command once in a terminal, or set CONNECTOR_HOST_<ORIGIN> to the host. The file holds the token in one line, and nothing else.',
  },
  'origin/credentials': {
    title: 'the file of credentials cannot be used',
    why: 'Tokens that you logged in with stand in a file of your own, which is not what was written.',
    remedy: 'Correct the file, or remove it and log in again.',
  },
  'origin/unauthenticated': {
    title: 'the token was not accepted',
    why: 'The platform answered that it does not know the token.',
    remedy: 'Check the token; for the harness, remove .connector/harness.json and start it again.',
  },
  'origin/forbidden': {
    title: 'the token may not do this',
    why: 'The platform knows the token, but the token lacks a scope, or its owner a right.',
    remedy:
      'Use a token with the scope or privilege that is named: on Make sdk-apps:read to read and sdk-apps:write to change, on Workato oem_vendor.',
  },
  'origin/unreachable': {
    title: 'the platform cannot be reached',
    why: 'The request never got an answer: the name is unknown, nothing listens there, the certificate is not trusted or it took too long.',
    remedy: 'Check the address and the network; the cause is named in the message.',
  },
  'origin/refused': {
    title: 'the platform refused',
    why: 'The platform understood the request and said no; its own words are in the message.',
    remedy: 'Do what the platform says.',
  },
  'origin/unexpected-answer': {
    title: 'an answer that is not the platform’s',
    why: 'What came has a status that means success, but not the shape that the platform documents. Login pages of networks, maintenance pages and proxies answer like that, and nothing is concluded from them: a list that could not be read is no empty list.',
    remedy:
      'Open the address in a browser, log in to the network if it asks for it, and check the origin’s URL. If the platform itself answers like that, please report it.',
  },
  'origin/changed': {
    title: 'it changed since it was looked at',
    why: 'Before something is taken away, it is shown and you are asked. Somebody else changed it meanwhile, so that your answer was about something that is not there any more.',
    remedy: 'Run the command again, and look at what it is now.',
  },
  'origin/not-found': {
    title: 'the platform does not know it',
    why: 'What was asked for does not exist on the platform, or is not visible to this token.',
    remedy:
      'Push the project again, or correct the name in connector.json; for customers’ connections, check both ids.',
  },
  'access/not-valid': {
    title: 'the contract does not allow this now',
    why: 'What can be done to a contract depends on its state, on the platform, and on whether the application or the API is yours.',
    remedy: 'Do one of those that the hint names, or ask whoever owns the other side.',
  },
  'access/refused': {
    title: 'access was not granted',
    why: 'The request was rejected, cancelled, revoked or suspended; the platform’s own word for it is in the message.',
    remedy: 'Do what is still possible, as the hint says, or ask again.',
  },
  'access/pending': {
    title: 'the request was not decided in time',
    why: 'Whoever owns the API decides about requests, and has not yet.',
    remedy: 'Go on waiting with `connector access show <contract> --wait`, or come back later: nothing is lost.',
  },
  'access/no-place': {
    title: 'no place for the credentials',
    why: 'Granted credentials are never shown: they go into the values of a connection’s `common`, which must declare them.',
    remedy: 'Declare clientId and clientSecret in common.schema.json, the secret with "writeOnly": true.',
  },
  'sync/conflict': {
    title: 'changed on the platform since the last sync',
    why: 'Somebody else changed the section, or it was never equal on both sides as far as is known. What others changed is never overwritten unasked.',
    remedy:
      'Look at it with `connector diff`. `connector pull` brings it here and merges what does not overlap; --theirs takes what is there, --ours writes over it, both for all or for what is named, such as github/api.',
  },
  'sync/ambiguous': {
    title: 'several things on the platform may be the same one of ours',
    why: 'What has no recorded name is recognised by its label, and a connection by its type as well. When several are alike, any choice might write over somebody else’s work.',
    remedy: 'Write the right name into the project’s manifest, or give one of them another label.',
  },
  'sync/gone': {
    title: 'the connection was deleted on the platform',
    why: 'It was there after the last sync. Somebody deleted it, or the harness lost its store.',
    remedy: 'Push to create it anew, or remove it here as well to let it go, as the hint says.',
  },
  'sync/not-declared': {
    title: 'a connection that was pushed is no longer declared',
    why: 'It was removed here, and the platform still has it. Deleting is never done unasked.',
    remedy: 'Push with --allow-destructive to delete it there, or bring it back with `connector pull --theirs <id>`.',
  },
  'sync/section-left': {
    title: 'a section that was pushed has no file any more',
    why: 'Its file was removed here, and the platform still has what was in it. A section without a file is not managed: it is neither compared nor pushed, so that users still get what nobody sees here.',
    remedy:
      'To empty it on the platform, write its empty form, {} or [], into its file and push. To leave it alone, list the section in `unmanaged` of connection.json; in Make’s local-development layout, write null in place of its file. Otherwise bring the file back.',
  },
  'sync/destructive': {
    title: 'connections or an app would be deleted',
    why: 'Deleting takes a connection away from everybody who uses the app.',
    remedy: 'Look at the plan, and add --allow-destructive.',
  },
  'sync/app-stays': {
    title: 'an app that was created stays',
    why: 'Before the push there was no app. Deleting it takes all away that it holds, so that it is only done when that is allowed and nothing else is in it.',
    remedy: 'Roll back with --allow-destructive, or delete the app on the platform.',
  },
  'sync/cut-off': {
    title: 'the push did not come to its end',
    why: 'A request failed in the middle. What was done is recorded, and what was about to be done as well.',
    remedy: 'Push again to go on, or run `connector rollback` to bring back what was there before.',
  },
  'sync/common-differs': {
    title: 'the shared values differ',
    why: 'The values of common are not the same here and on the platform. They are secret, so that only their keys are named.',
    remedy: 'Choose a side: --ours <id>/common on a push, or --theirs <id>/common on a pull.',
  },
  'sync/common-locked': {
    title: 'the shared values are locked',
    why: 'Make locks the common data of an app when it is approved; the platform would refuse the change.',
    remedy: 'Change them through the installation form (install and installSpec), in the platform’s administration.',
  },
  'sync/plan-unreadable': {
    title: 'not a plan that can be used',
    why: 'The file is no plan of `connector diff --out`, was written by another version, or is for another origin.',
    remedy: 'Make a new plan with `connector diff --out plan.json`.',
  },
  'sync/plan-stale': {
    title: 'the platform moved since the plan was made',
    why: 'A plan is applied exactly as it was reviewed, or not at all. Something that it writes over is no longer what it saw.',
    remedy: 'Make a new plan, and look at what changed.',
  },
  'sync/plan-values': {
    title: 'the values that a plan sets are not at hand',
    why: 'A plan names the keys of common that it sets, and never holds their values.',
    remedy: 'Write common.local.json, or set CONNECTOR_COMMON_<ID>_<KEY>.',
  },
  'sync/no-snapshot': {
    title: 'no such snapshot',
    why: 'Snapshots are taken before a push that changes something, and kept in .connector/snapshots on this machine.',
    remedy: 'Name one that `connector status` lists.',
  },
  'sync/not-pushed': {
    title: 'the connection is not on the platform',
    why: 'Only a connection that exists there can be recreated.',
    remedy: 'Push the project first.',
  },
  'sync/not-verified': {
    title: 'what was read back is not what was sent',
    why: 'After a push every section is read again and compared. A difference means that the platform changed the text, or that somebody wrote at the same moment.',
    remedy: 'Push again; if it stays, compare the two texts.',
  },
  'common/not-ignored': {
    title: 'secret values that git does not ignore',
    why: 'The values of common are kept in common.local.json, beside the connection. Git does not ignore the file, so that the next `git add` hands the secrets to everybody who can read the repository, for as long as its history lasts.',
    remedy:
      'Add the line that the message names to .gitignore. Where git has the file already, take it out with `git rm --cached`, and change at the provider what was pushed.',
    allowed: 'project',
  },
  'sync/common-skipped': {
    title: 'common has no values here',
    why: 'The values of common are secrets and live outside the tracked files: in common.local.json or in the environment.',
    remedy: 'Write common.local.json beside common.schema.json, or set CONNECTOR_COMMON_<ID>_<KEY>.',
  },
  'instances/in-use': {
    title: 'the connection is used by active recipes',
    why: 'The platform neither disconnects nor deletes a connection that something running depends on.',
    remedy:
      'Stop the recipes that use it. To disconnect it nevertheless, which makes those recipes fail, say --allow-in-use.',
  },
  'instances/not-authorized': {
    title: 'the credentials were not accepted',
    why: 'The connection was created or changed, and the platform then tested its credentials in vain. It stays there, not connected.',
    remedy: 'Correct the parameters and update the connection; what the platform said is in the message.',
  },
  'instances/lost': {
    title: 'a customer’s connection lost its authorization',
    why: 'The credentials were accepted once and no longer are: a token was revoked, a password changed. The connection stays, and what uses it fails.',
    remedy: 'Update the connection with new credentials, or let the customer connect again.',
  },
  'instances/input': {
    title: 'connection parameters that cannot be read',
    why: 'Parameters hold credentials, so they are read from a file, from stdin or from the environment, never from the command line; they are one JSON object.',
    remedy:
      'Give a JSON object such as {"host_name": "acme.example.com"} with --input <file>, --input - or in CONNECTOR_INPUT.',
  },
  'connect/no-callback': {
    title: 'the browser did not come back',
    why: 'After the user agreed, the provider sends the browser to the redirect URI, where the command listens on this machine. It waited as long as it was told to.',
    remedy:
      'Connect again and finish in the browser; register the redirect URI with the provider if that shows an error.',
  },
  'connect/port': {
    title: 'the port of the redirect URI is taken',
    why: 'The provider sends the browser to a port of 127.0.0.1. Another program listens there.',
    remedy: 'Choose another with --port, and register its redirect URI with the provider.',
  },
  'connect/headless': {
    title: 'the local provider did not let the user agree',
    why: 'Without a browser the command fills in the provider’s page itself. It found another page, which says why.',
    remedy: 'Do what the message says, or connect without --headless to see the page.',
  },
  'connected/unknown': {
    title: 'no such connected connection',
    why: 'Connected connections are known by the ids that `connector connections list` shows, on the machine where they were connected.',
    remedy: 'Use one of those that are listed, or connect again.',
  },
  'run/url': {
    title: 'an address that is not absolute',
    why: 'A connection has no base URL, and expressions may come to nothing: a request goes to what its url came to.',
    remedy: 'Let the url begin with https:// and the host; the trace shows what its expressions came to.',
  },
  'run/request': {
    title: 'a request that cannot be sent',
    why: 'HTTP takes a method, headers and a body of a certain form, and what the directive came to has another.',
    remedy: 'Look in the trace at what the expression came to, and correct it or the value that was filled in.',
  },
  'run/expression': {
    title: 'an expression that has no value when it runs',
    why: 'It calls a function that does not exist, or gives a function what it cannot work with.',
    remedy: 'Correct what the message names; `connector iml` evaluates an expression alone.',
  },
  'run/signature': {
    title: 'a request that cannot be signed',
    why: 'A signature needs a key, a method that exists, and a place where it can stand.',
    remedy: 'Check what the directive oauth or aws came to.',
  },
  'run/unreachable': {
    title: 'an API that cannot be reached',
    why: 'Nothing answered: the host is not known, nothing listens there, or its certificate is not trusted.',
    remedy: 'Check the host in the URL, and the network.',
  },
  'run/timeout': {
    title: 'an answer that takes too long',
    why: 'Make waits forty seconds for an answer, and so does a run here.',
    remedy: 'Use an address that answers sooner, or find out why this one is slow.',
  },
  'run/too-large': {
    title: 'an answer that is too large',
    why: 'A connection asks who somebody is, or for a token: an answer of megabytes is something else, or does not end.',
    remedy: 'Use an address that says less.',
  },
  'run/redirect-loop': {
    title: 'redirects that lead nowhere',
    why: 'Each answer leads to another address, and none says anything.',
    remedy: 'Use the address that the API documents, or turn redirects off with followRedirects.',
  },
  'run/too-many-requests': {
    title: 'more requests than a run may make',
    why: 'Make allows a hundred requests in one run.',
    remedy: 'Leave out requests, or redirects.',
  },
  'run/answer': {
    title: 'an answer that cannot be read',
    why: 'An answer is read by its Content-Type, or by the type that the section names, and this one is something else.',
    remedy: 'Look at it in the trace; name its type under response, or use another address.',
  },
  'run/refused': {
    title: 'an API that refuses',
    why: 'Its status is no success, or `valid` came to false. What the section says under error is reported.',
    remedy: 'Look in the trace at what was sent and at what was answered.',
  },
  'run/denied': {
    title: 'a provider that sends the browser back without a permission',
    why: 'The user did not agree, or the provider does not know the client, its scopes or its redirect URI.',
    remedy: 'Connect again and agree; for anything else, correct what the provider names.',
  },
  'run/state': {
    title: 'an answer of another visit',
    why: 'The browser has to bring back what it was sent with. Otherwise somebody could slip in an account of his own.',
    remedy: 'Connect again, and finish in the window that opens.',
  },
  'run/data-too-large': {
    title: 'more data than a connection may store',
    why: 'Make stores 64 KB with a connection, the values of its form among them.',
    remedy: 'Store only what later steps read.',
  },
  'test/case': {
    title: 'a test that cannot be run',
    why: 'A case needs what it is given, what is answered and what has to come out; one that says nothing of it could not fail, and would be counted as passed.',
    remedy: 'Do what the message says; `connector schema test` prints the schema of these files.',
  },
  'test/not-run': {
    title: 'a file among the tests that is none',
    why: 'Only files whose names end in .test.jsonc are run, so that what stands in this one is never looked at.',
    remedy: 'Rename it, or move it out of the folder of the tests.',
  },
  'test/none': {
    title: 'no tests',
    why: 'Nothing was run, so that nothing is known: a pipeline that is green then says nothing.',
    remedy:
      'Write a test in the folder tests of the connection, or record one with `connector connect --record <name>`.',
  },
  'test/request': {
    title: 'a request that is not what a test expects',
    why: 'What the section sends differs in a part that the test names.',
    remedy:
      'Correct the section where it makes the request, or the test; `connector test --update` writes what is sent now.',
  },
  'test/unexpected-request': {
    title: 'a request that a test knows nothing of',
    why: 'A test has no network: each request is answered by the exchange whose turn it is, and there is none for this one.',
    remedy: 'Add the exchange, or find out why the request is made.',
  },
  'test/missing-request': {
    title: 'a request that is not made',
    why: 'The run ended before the exchanges of the test were used up: a condition was not true, or a step is gone.',
    remedy: 'Look at the condition that the message names, or take the exchange out of the test.',
  },
  'test/steps': {
    title: 'other steps than a test expects',
    why: 'Which steps run, and in which order, is decided by the section and its conditions.',
    remedy: 'Look at the condition that decided it, or correct the list in the test.',
  },
  'test/result': {
    title: 'a result that is not what a test expects',
    why: 'What a connection stores and shows comes from the directives under response of its steps.',
    remedy: 'Correct the directive, or the test; `connector test --update` writes what comes out now.',
  },
  'test/error': {
    title: 'an error that is not what a test expects',
    why: 'Users see the words of the error: a test holds the connection to them.',
    remedy: 'Correct error and valid of the step, or the test.',
  },
  'test/failed-run': {
    title: 'a run that fails in a test',
    why: 'A connection that cannot authenticate is broken, whatever else a test looks at: that a run succeeds is always expected, unless the test says otherwise.',
    remedy: 'Correct the section, or say in the test with which error it has to end.',
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
    why: 'Tests are in git, and shown when they fail. What equals a value of common or of a connected connection, or looks like a secret, is not even run.',
    remedy: 'Write a value of your own in its place, record the test again, and revoke a secret that was committed.',
  },
  'iml/data': {
    title: 'the data of an expression cannot be read',
    why: 'The variables of an expression are the properties of one JSON object.',
    remedy: 'Give a JSON object such as {"parameters": {"apiKey": "x"}} with --data <file>, or with --data - on stdin.',
  },
  'iml/evaluation': {
    title: 'an expression has no value',
    why: 'It is broken, calls a function that does not exist, or gives a function what it cannot work with.',
    remedy: 'Correct what the message names.',
  },
  'iml/place': {
    title: 'no such place in a connection',
    why: 'Which variables exist depends on the section and the step.',
    remedy:
      'Name a place that begins with api or install, such as api.token.body, api.response.data or install.common.',
  },
  'validate/too-many-warnings': {
    title: 'more warnings than are allowed',
    why: 'Each of them alone would pass, but --max-warnings sets a limit, so that they do not pile up.',
    remedy: 'Fix some of them, or raise the limit.',
  },
  'changed/no-git': {
    title: 'git cannot be run',
    why: 'What changed is known to git alone, and there is no program of that name.',
    remedy: 'Install git, or validate the whole project without --changed.',
  },
  'changed/no-repository': {
    title: 'git cannot say what changed',
    why: 'The project is not in a clone that git can read; its own words are in the message.',
    remedy: 'Run the command in a clone, or validate the whole project without --changed.',
  },
  'changed/unknown-ref': {
    title: 'git knows no such commit',
    why: 'The project is compared with a commit, a branch or a tag, and the clone has none of that name. In CI only the last commit is cloned unless more is asked for.',
    remedy: 'Fetch it, or clone with the whole history.',
  },
  'output/unwritable': {
    title: 'a report cannot be written',
    why: 'The file that --format names is out of reach or part of the project. What was found is printed nevertheless.',
    remedy: 'Name another file.',
  },
  'types/stale': {
    title: 'connector.d.ts is not up to date',
    why: 'The sections changed since the types were generated.',
    remedy: 'Run `connector types` and commit the result.',
  },
  'internal/bug': {
    title: 'a bug in connector',
    why: 'Something happened that the command was not written for. Nothing that you did excuses it.',
    remedy: 'Report it with the stack that the command shows with CONNECTOR_DEBUG=1.',
  },
  'explain/unknown-code': {
    title: 'no such code',
    why: 'Every problem has a code with a page of its own; this is none of them.',
    remedy: 'Run `connector explain` to list them all.',
  },
} as const satisfies Record<string, Page>;

export type Code = keyof typeof PAGES | RuleCode;
