import { ConnectorError, type Diagnostic, readSource } from '@connectorkit/sdk';
import { schemaDiagnostics } from '@connectorkit/sdk/emulator';
import { createSend } from '@connectorkit/sdk/node';
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { bug, type Context, type Result } from '../command.ts';
import { createAsk } from '../output/ask.ts';
import type { SignIns } from './sign-ins.ts';
import type { Tool } from './tool.ts';

/** Where the tools of a server run. */
export interface Surroundings {
  readonly context: Context;
  readonly permit: Context['permit'];
  readonly signIns: SignIns;
}

/** The schema of a tool's input. */
export function inputSchema({ input, required = [] }: Pick<Tool, 'input' | 'required'>) {
  return { type: 'object' as const, properties: input, required: [...required], additionalProperties: false };
}

/** Runs a tool, and answers in every case: what is wrong is a part of the answer. Progress is told while it runs. */
export async function callTool(
  tool: Tool,
  input: unknown,
  { mcpReq }: Pick<ServerContext, 'mcpReq'>,
  { context: server, permit, signIns }: Surroundings,
): Promise<CallToolResult> {
  const progress = progressOf(mcpReq);
  const signal = AbortSignal.any([server.signal, mcpReq.signal]);
  const context = contextOf(server, { signal, permit, report: (event) => progress.tell(event.message) });
  try {
    checkInput(tool, input);
    const result = await tool.run({ input, context, signIns });
    const failed = isFailed(tool, result);
    return answer({ ...result, diagnostics: result.diagnostics ?? [] }, failed);
  } catch (error) {
    const known = error instanceof ConnectorError;
    const diagnostics = known ? error.diagnostics : [bug(error, Boolean(server.environment.CONNECTOR_DEBUG))];
    return answer({ diagnostics }, true);
  } finally {
    progress.end();
  }
}

/** @throws ConnectorError usage, whose problems name the fields */
function checkInput(tool: Tool, input: unknown): void {
  // As text, because places in it are places of a text; those are of no use here.
  const source = readSource('', JSON.stringify(input), { comments: false });
  const problems = schemaDiagnostics(inputSchema(tool), source);
  if (problems.length === 0) return;
  throw new ConnectorError(
    'usage',
    problems.map(({ severity, message, hint = `The schema of ${tool.name} says what it takes.`, path = [] }) => {
      return { code: 'usage/arguments', severity, message, hint, path };
    }),
  );
}

/** The same surroundings for one call: nobody can be asked, and stdin and stdout belong to the protocol. */
function contextOf(
  server: Context,
  { signal, permit, report }: Pick<Context, 'signal' | 'permit' | 'report'>,
): Context {
  const { environment, terminal } = server;
  const send = createSend({ signal, environment });
  return {
    ...server,
    ...{ signal, permit, report },
    terminal: { ci: terminal.ci, interactive: false, stdin: false, stdout: false, stderr: false, columns: 100 },
    ask: createAsk({ interactive: false, signal, interrupt: () => undefined }),
    stdin: () => {
      const message = 'Stdin cannot be read here: it belongs to the client.';
      throw new ConnectorError('usage', { code: 'usage/arguments', message, hint: 'Give the path of a file.' });
    },
    about: () => undefined,
    show: () => undefined,
    send: async (request) => {
      permit(request.url);
      return send(request);
    },
    sendLast: async (request) => {
      permit(request.url);
      return server.sendLast(request);
    },
    openBrowser: async () => false,
    logLines: async () => {},
  };
}

/** Tells how far a call is, where the client asked for it, and until the call has ended. */
function progressOf({ _meta, notify }: ServerContext['mcpReq']): { tell(message: string): void; end(): void } {
  const progressToken = _meta?.progressToken;
  let [progress, hasEnded] = [0, false];
  return {
    tell(message) {
      if (progressToken === undefined || hasEnded) return;
      progress += 1;
      // A client that is gone needs no news.
      notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => undefined);
    },
    end() {
      hasEnded = true;
    },
  };
}

/** Found problems are what some tools are for; of others they mean that nothing came of the call. */
function isFailed({ reports }: Tool, { exit, diagnostics = [] }: Result): boolean {
  if (exit !== undefined) return !['fine', 'differences'].includes(exit);
  return !reports && diagnostics.some(({ severity }) => severity === 'error');
}

function answer({ data, diagnostics = [], summary, next = [] }: Result, failed: boolean): CallToolResult {
  const ok = !failed && diagnostics.every(({ severity }: Diagnostic) => severity !== 'error');
  const text = JSON.stringify({ ok, summary, data, diagnostics, next });
  return {
    content: [{ type: 'text', text }],
    // As JSON is: without what is undefined.
    structuredContent: JSON.parse(text),
    ...(failed ? { isError: true } : {}),
  };
}
