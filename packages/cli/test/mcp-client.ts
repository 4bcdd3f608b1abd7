import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { BINARY, environmentOf } from './connector.ts';

/** The answer of a tool, in the shape of our output schema. */
interface Answer {
  readonly isError: boolean;
  readonly ok: boolean;
  readonly summary?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it is depends on the tool
  readonly data?: any;
  readonly diagnostics: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
  readonly next: readonly string[];
}

export interface Agent {
  readonly client: Client;
  call(name: string, input?: Record<string, unknown>, options?: Parameters<Client['callTool']>[1]): Promise<Answer>;
  /** Every message that was exchanged, in both directions, and what was said on stderr. */
  transcript(): string;
  /** Closes stdin, and waits until the command has ended. */
  close(): Promise<void>;
}

const open = new Set<Agent>();

/**
 * Starts `connector mcp` as an agent's client does, and connects to it by the official client, which also holds each
 * answer against the tool's output schema.
 * @param revision of the protocol: `legacy` begins with `initialize`, `modern` with `server/discover`
 */
export async function startAgent(
  cwd: string,
  args: readonly string[] = [],
  { env = {}, revision = 'modern' as 'legacy' | 'modern' } = {},
): Promise<Agent> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BINARY, 'mcp', ...args],
    cwd,
    env: environmentOf(env) as Record<string, string>,
    stderr: 'pipe',
  });
  const kept: string[] = [];
  transport.stderr?.on('data', (chunk) => kept.push(String(chunk)));
  keepMessages(transport, kept);
  const mode = revision === 'legacy' ? 'legacy' : 'auto';
  const client = new Client({ name: 'tests', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  const agent: Agent = {
    client,
    async call(name, input = {}, options = {}) {
      const {
        structuredContent,
        content,
        isError = false,
      } = await client.callTool({ name, arguments: input }, options);
      const [first] = content as { type: string; text: string }[];
      if (JSON.stringify(structuredContent) !== first?.text) throw new Error('the text is not the structured content');
      return { isError, ...(structuredContent as Omit<Answer, 'isError'>) };
    },
    transcript: () => kept.join('\n'),
    async close() {
      open.delete(agent);
      await client.close();
    },
  };
  open.add(agent);
  return agent;
}

/** Ends whatever a test left open. */
export async function closeAgents(): Promise<void> {
  await Promise.all([...open].map((each) => each.close()));
}

function keepMessages(transport: StdioClientTransport, kept: string[]): void {
  let receive = transport.onmessage;
  Object.defineProperty(transport, 'onmessage', {
    get: () => receive,
    set(handler: typeof receive) {
      receive = (message) => {
        kept.push(JSON.stringify(message));
        handler?.(message);
      };
    },
  });
  const send = transport.send.bind(transport);
  transport.send = (message) => {
    kept.push(JSON.stringify(message));
    return send(message);
  };
}
