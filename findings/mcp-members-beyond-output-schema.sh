#!/usr/bin/env bash
# 2026-11-30
# @modelcontextprotocol/sdk 1.32.2: a server checks structuredContent with the zod schema of the tool, which drops members
# that it does not have, and sends the content as it was. It publishes the schema with "additionalProperties": false, by
# which the client of the same package checks the answer, but only after it has listed the tools. So a tool that returns one
# member more works in a test that calls it directly, and fails with -32602 in a client that lists the tools first.
# Seen: the same call before and after listTools().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2 zod@3.25.76
cat >run.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const server = new McpServer({ name: 's', version: '1' });
const answer = { content: [], structuredContent: { count: 1, more: true } };
server.registerTool('count', { outputSchema: { count: z.number() } }, async () => answer);
const client = new Client({ name: 'c', version: '1' });
const [one, other] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(one), client.connect(other)]);
const call = () =>
  client.callTool({ name: 'count', arguments: {} }).then(
    ({ structuredContent }) => JSON.stringify(structuredContent),
    ({ code, message }) => `${code} ${message}`,
  );
console.log(await call());
await client.listTools();
console.log(await call());
JS
expected='{"count":1,"more":true}
-32602 MCP error -32602: Structured content does not match the tool'"'"'s output schema: data must NOT have additional properties'
actual=$(node run.mjs)
echo "$actual"
[ "$actual" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
