import { fromJsonSchema, type jsonSchemaValidator, McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Context } from '../command.ts';
import { version } from '../version.ts';
import { callTool, inputSchema, type Surroundings } from './call.ts';
import { registerResources } from './resources.ts';
import { SignIns } from './sign-ins.ts';
import { outputSchema } from './tool.ts';
import { TOOLS } from './tools.ts';

const INSTRUCTIONS = `This server works on the project of a connector: JSON files that declare how users of an automation platform connect to an API. Edit the files yourself, and call validate after every change, then test. explain tells what a code means, evaluate and list_functions are about the expressions in {{ }}, and the resources hold the JSON Schema of every section.
connect tries a connection without an account, with the local provider of the harness; trace shows its requests. Harness and provider run after a person has started \`connector dev\`. Other origins and real APIs can only be reached if the person allowed them with --allow-origin.
Never ask for credentials, and never write them into a tool's input or a tracked file.`;

/** Serves a project on stdin and stdout until the client closes stdin, or the command is interrupted. */
export async function serve(context: Context, permit: Context['permit']): Promise<void> {
  const transport = new StdioServerTransport();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const signIns = new SignIns({ ...context, signal });
  const handle = serveStdio(() => createServer({ context: { ...context, signal }, permit, signIns }), { transport });
  const { onclose } = transport;
  await new Promise<void>((resolve) => {
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // What still waits for a person ends here.
  stop.abort();
  await handle.close();
}

/** Arguments are checked by our own check, whose problems are a part of the answer. */
const UNCHECKED: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

function createServer(surroundings: Surroundings): McpServer {
  const information = { name: 'connectorkit', title: 'Connectorkit', version: version() };
  const server = new McpServer(information, { instructions: INSTRUCTIONS });
  for (const tool of TOOLS) {
    const { name, title, description, annotations } = tool;
    const schemas = {
      inputSchema: fromJsonSchema(inputSchema(tool) as never, UNCHECKED),
      outputSchema: fromJsonSchema(outputSchema(tool.data) as never, UNCHECKED),
    };
    server.registerTool(name, { title, description, annotations, ...schemas }, (input, request) =>
      callTool(tool, input ?? {}, request, surroundings),
    );
  }
  registerResources(server, surroundings.context);
  return server;
}
