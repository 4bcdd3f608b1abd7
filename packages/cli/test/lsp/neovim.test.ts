import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BINARY, environmentOf, temporaryFolder } from '../connector.ts';
import { example } from './editor.ts';

const NEOVIM = 'nvim';

function isInstalled(): boolean {
  return spawnSync(NEOVIM, ['--version']).status === 0;
}

/** What a user does in Neovim, by its own commands; each answer goes into a file as JSON. */
const SESSION = `
local command, file, answers = ...
vim.o.hidden = true
vim.o.completeopt = 'menuone,noselect,noinsert'
local found = {}
local function ended(done)
  return vim.wait(20000, done, 20)
end
vim.cmd('edit ' .. file)
vim.bo.filetype = 'jsonc'
local client = vim.lsp.start_client({ name = 'connector', cmd = command, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, client)
found.attached = ended(function() return vim.lsp.buf_get_clients(0)[client] ~= nil and vim.lsp.get_client_by_id(client).initialized end)
vim.bo.omnifunc = 'v:lua.vim.lsp.omnifunc'

local function go(pattern, further)
  vim.fn.cursor(1, 1)
  local at = vim.fn.searchpos(pattern, 'cW')
  vim.fn.cursor(at[1], at[2] + further)
end

-- Hover: the text of the window that opens.
go('ifempty(parameters', 2)
vim.lsp.buf.hover()
ended(function() return #vim.api.nvim_list_wins() > 1 end)
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then
    found.hover = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\\n')
    vim.api.nvim_win_close(window, true)
  end
end

-- Completion: the words behind the dot, as the menu gets them.
go('parameters\\\\.clientId', #'parameters.')
local position = vim.lsp.util.make_position_params()
local answer = vim.lsp.buf_request_sync(0, 'textDocument/completion', position, 20000)
local matches = vim.lsp.util.text_document_completion_list_to_complete_items(answer[client].result, '')
found.completion = vim.tbl_map(function(match) return match.word end, matches)

-- Code action: the first one is chosen, where Neovim would ask.
go('"POST"', 0)
vim.cmd('normal! ci"PSOT')
found.wrong = ended(function() return #vim.diagnostic.get(0) > 0 end)
found.diagnostic = vim.diagnostic.get(0)[1]
vim.cmd('normal! ci"POST')
ended(function() return #vim.diagnostic.get(0) == 0 end)
go('"redirect_uri"', 0)
vim.cmd('normal! $')
go('https://api.github.com/user"', 0)
vim.cmd('substitute#https://api.github.com/user#http://api.github.com/user#')
ended(function() return #vim.diagnostic.get(0) > 0 end)
go('http://api.github.com/user"', 1)
vim.ui.select = function(items, options, choose)
  found.actions = vim.tbl_map(function(item) return options.format_item(item) end, items)
  choose(items[1], 1)
end
local before = vim.api.nvim_buf_get_changedtick(0)
vim.lsp.buf.code_action()
ended(function() return vim.api.nvim_buf_get_changedtick(0) ~= before end)
found.allowed = vim.api.nvim_buf_get_lines(0, vim.fn.search('connector-ignore', 'nw') - 1, vim.fn.search('connector-ignore', 'nw'), false)[1]
vim.cmd('undo')

-- Rename: in all files of the connection.
go('parameters\\\\.clientId', #'parameters.')
vim.lsp.buf.rename('ownClient')
found.renamed = ended(function() return vim.fn.search('parameters\\\\.ownClient', 'nw') > 0 end)
vim.cmd('wall')
vim.lsp.stop_client(client)
ended(function() return vim.lsp.client_is_stopped(client) end)
local out = io.open(answers, 'w')
out:write(vim.fn.json_encode(found))
out:close()
vim.cmd('qall!')
`;

test.skipIf(!isInstalled())('Neovim completes, hovers, renames and applies a code action', { timeout: 120_000 }, () => {
  const project = join(temporaryFolder(), 'project');
  cpSync(example('github-oauth'), project, { recursive: true });
  const folder = join(project, 'connections/github');
  const [script, answers] = [join(temporaryFolder(), 'session.lua'), join(temporaryFolder(), 'answers.json')];
  writeFileSync(script, SESSION);
  const command = [process.execPath, BINARY, 'lsp', '--stdio'].map((word) => `[[${word}]]`).join(', ');
  const call = `loadfile([[${script}]])({ ${command} }, [[${join(folder, 'api.jsonc')}]], [[${answers}]])`;
  execFileSync(NEOVIM, ['--clean', '--headless', '-c', `lua ${call}`], {
    cwd: project,
    env: environmentOf({ XDG_STATE_HOME: temporaryFolder(), XDG_DATA_HOME: temporaryFolder() }),
    timeout: 100_000,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const found = JSON.parse(readFileSync(answers, 'utf8'));
  expect(found).toMatchObject({
    attached: true,
    completion: ['clientId', 'clientSecret'],
    hover: expect.stringContaining('ifempty(value, otherwise)'),
    wrong: true,
    diagnostic: { source: 'connector', message: expect.stringContaining('Did you mean "POST"?') },
    actions: expect.arrayContaining([expect.stringContaining('Allow request/plain-http here')]),
    renamed: true,
  });
  expect(found.allowed).toContain('// connector-ignore request/plain-http:');
  expect(readFileSync(join(folder, 'api.jsonc'), 'utf8')).not.toContain('parameters.clientId');
  expect(readFileSync(join(folder, 'parameters.jsonc'), 'utf8')).toContain('"ownClient"');
  expect(readFileSync(join(folder, 'tests/main.test.jsonc'), 'utf8')).toContain('"ownClient"');
});
