import { ConnectorError } from '@connectorkit/sdk';
import {
  type Answers,
  describeConnections,
  discoverConnections,
  type Imported,
  RESOURCE_DOCUMENT,
  readDescription,
  readDiscovery,
  SERVER_DOCUMENTS,
  wellKnown,
} from '@connectorkit/sdk/openapi';
import type { Context } from './command.ts';
import { fetchedFirst, isURL, readSourceAt, type Source } from './import-sources.ts';

/** Makes connections of a document that was read, with what is known beside it. */
export type Make = (answers: Answers) => Imported;

/** Reads an OpenAPI document. */
export async function fromOpenAPI(context: Context, at: string): Promise<Make> {
  const { text, location } = await readSourceAt(context, at);
  const description = await readDescription(text, location);
  return (answers) => describeConnections(description, answers);
}

/** Reads a discovery document, and that of the authorization server where it names one. */
export async function fromDiscovery(context: Context, at: string, discovery: string | undefined): Promise<Make> {
  const source = isURL(at)
    ? await fetchedFirst(context, wellKnown(at, [...SERVER_DOCUMENTS, RESOURCE_DOCUMENT]))
    : await readSourceAt(context, at);
  const first = readDiscovery(source.text);
  if (first.kind === 'server') {
    if (discovery !== undefined) {
      throw new ConnectorError('usage', {
        code: 'openapi/answer',
        message: 'The document is the metadata of an authorization server itself, so that --discovery has no use.',
        hint: 'Leave it out, or give the metadata of a resource (RFC 9728) with --from-discovery.',
        found: discovery,
      });
    }
    return (answers) => discoverConnections(first.metadata, { location: source.location }, answers);
  }
  const [issuer] = first.servers;
  const second = await serverOf(context, { issuer, source, discovery }, (url) => wellKnown(url, SERVER_DOCUMENTS));
  const server = readDiscovery(second.text);
  if (server.kind !== 'server') {
    throw new ConnectorError('findings', {
      code: 'openapi/unreadable',
      message: 'The second document is not the metadata of an authorization server.',
      hint: 'Pass its openid-configuration or oauth-authorization-server with --discovery.',
    });
  }
  const options = { location: second.location, resource: first.metadata };
  return (answers) => discoverConnections(server.metadata, options, answers);
}

/** The metadata of the authorization server that a resource names: what was given, or what is found where it says. */
async function serverOf(
  context: Context,
  { issuer, source, discovery }: { issuer: string | undefined; source: Source; discovery: string | undefined },
  addresses: (url: string) => readonly string[],
): Promise<Source> {
  if (discovery !== undefined) {
    return isURL(discovery) ? fetchedFirst(context, addresses(discovery)) : readSourceAt(context, discovery);
  }
  // Who gave a file may be without a network: nothing is fetched then that nobody asked for.
  if (issuer !== undefined && source.location !== undefined) return fetchedFirst(context, addresses(issuer));
  if (!context.terminal.interactive) {
    throw new ConnectorError('findings', {
      code: 'openapi/unanswered',
      message:
        issuer === undefined
          ? 'The resource names no authorization server.'
          : `The resource uses tokens of ${issuer}, whose metadata is missing.`,
      hint: `Pass its metadata with --discovery ${issuer ?? '<file or url>'}.`,
    });
  }
  const at = await context.ask.text({
    message: `Which file or URL contains the metadata of the authorization server${issuer === undefined ? '' : ` ${issuer}`}?`,
    flag: '--discovery',
    example: issuer,
  });
  return isURL(at) ? fetchedFirst(context, addresses(at)) : readSourceAt(context, at);
}

/** The metadata of an authorization server. */
export async function discovered(context: Context, at: string): Promise<unknown> {
  const source = isURL(at)
    ? await fetchedFirst(context, wellKnown(at, SERVER_DOCUMENTS))
    : await readSourceAt(context, at);
  return readDiscovery(source.text).metadata;
}
